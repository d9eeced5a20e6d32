// Balls and sticks as impostors: a flat shape that faces the viewer, whose fragments compute the surface,
// its normal and its depth. The projection is orthographic: a length is the same everywhere, a ball
// is a disc of its radius, and the scale bar is right for all of the picture.

const LIGHT = `
precision highp float;
uniform vec3 ground;      // colour of the background
uniform vec2 mist;        // nearest and farthest depth in Å
uniform float projected;  // depth of the projection per Å
// A surface of this colour and normal at this depth, seen from the front.
vec3 lit(vec3 colour, vec3 normal, float depth) {
    float diffuse = max(dot(normal, vec3(-0.37, 0.49, 0.79)), 0.0);
    float shine = pow(max(dot(normal, vec3(-0.195, 0.258, 0.946)), 0.0), 60.0);
    float rim = smoothstep(0.0, 0.42, normal.z);
    vec3 surface = colour * (0.36 + 0.7 * diffuse) * mix(0.5, 1.0, rim) + 0.16 * shine;
    float away = clamp((mist.x - depth) / max(mist.x - mist.y, 1e-3), 0.0, 1.0);
    return mix(surface, ground, 0.62 * away * away);
}
`;

const BALL_VERTEX = `
precision highp float;
uniform mat4 modelViewMatrix;
uniform mat4 projectionMatrix;
uniform float size;
in vec4 ball;
in vec4 tint;
out vec2 place;
out float depth;
flat out float radius;
flat out vec3 colour;
void main() {
    vec4 seen = modelViewMatrix * vec4(ball.xyz, 1.0);
    radius = ball.w * size;
    // The triangle about a circle of radius 1.
    float right = float(gl_VertexID % 3) - 1.0;
    place = vec2(1.7320508 * right, right == 0.0 ? 2.0 : -1.0);
    depth = seen.z;
    colour = tint.rgb;
    seen.xy += place * radius;
    gl_Position = projectionMatrix * seen;
}
`;

const BALL_FRAGMENT = `
${LIGHT}
in vec2 place;
in float depth;
flat in float radius;
flat in vec3 colour;
out vec4 pixel;
void main() {
    float out2 = dot(place, place);
    if (out2 > 1.0) discard;
    float front = sqrt(1.0 - out2);
    pixel = vec4(lit(colour, vec3(place, front), depth + front * radius), 1.0);
    gl_FragDepth = gl_FragCoord.z + 0.5 * projected * front * radius;
}
`;

const STICK_VERTEX = `
precision highp float;
uniform mat4 modelViewMatrix;
uniform mat4 projectionMatrix;
uniform float thickness;
in vec3 from;
in vec3 to;
in vec4 tintFrom;
in vec4 tintTo;
out vec2 place;
out float depth;
flat out vec3 side;
flat out vec3 front;
flat out float lean;
flat out vec3 colourFrom;
flat out vec3 colourTo;
void main() {
    place = vec2(gl_VertexID & 1, gl_VertexID >> 1 & 1) * 2.0 - 1.0;
    vec3 a = (modelViewMatrix * vec4(from, 1.0)).xyz;
    vec3 b = (modelViewMatrix * vec4(to, 1.0)).xyz;
    vec3 axis = normalize(b - a);
    float across = length(axis.xy);
    side = across > 1e-4 ? vec3(-axis.y, axis.x, 0.0) / across : vec3(1.0, 0.0, 0.0);
    front = cross(axis, side);
    front *= front.z < 0.0 ? -1.0 : 1.0;
    // How far along the stick its surface is ahead of its axis, for a bulge of 1.
    lean = thickness * axis.z / max(length(b.xy - a.xy), 1e-4);
    vec3 seen = mix(a, b, 0.5 + 0.5 * place.x) + side * place.y * thickness;
    depth = seen.z;
    colourFrom = tintFrom.rgb;
    colourTo = tintTo.rgb;
    gl_Position = projectionMatrix * vec4(seen, 1.0);
}
`;

const STICK_FRAGMENT = `
${LIGHT}
uniform float thickness;
in vec2 place;
in float depth;
flat in vec3 side;
flat in vec3 front;
flat in float lean;
flat in vec3 colourFrom;
flat in vec3 colourTo;
out vec4 pixel;
void main() {
    float bulge = sqrt(max(1.0 - place.y * place.y, 0.0));
    vec3 normal = side * place.y + front * bulge;
    float along = 0.5 + 0.5 * place.x + lean * bulge;
    if (along < 0.0 || along > 1.0) discard;
    vec3 colour = along < 0.5 ? colourFrom : colourTo;
    pixel = vec4(lit(colour, normal, depth), 1.0);
    gl_FragDepth = gl_FragCoord.z + 0.5 * projected * thickness * bulge / max(front.z, 1e-3);
}
`;

const LINE_VERTEX = `
precision highp float;
uniform mat4 modelViewMatrix;
uniform mat4 projectionMatrix;
in vec3 position;
void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }
`;

const LINE_FRAGMENT = `
precision highp float;
uniform vec3 ink;
out vec4 pixel;
void main() { pixel = vec4(ink, 1.0); }
`;

/** The vertices of a body, in the order of its triangles. */
const BALL = { vertices: 3, triangles: [0, 1, 2] };
const ROD = { vertices: 4, triangles: [0, 1, 2, 2, 1, 3] };

/** Many bodies as one list of triangles: a software renderer draws instances one by one, a hundred
 * times slower. What a body is stands in its vertices and stays; which are drawn, and in which order,
 * is the list of indices. `columns`: name, size and array with an entry for each body. */
class Bodies {
    constructor(shape, count, columns, vertexShader, fragmentShader, uniforms) {
        this.shape = shape;
        this.count = count;
        this.indices = new Uint32Array(count * shape.triangles.length);
        this.geometry = new THREE.BufferGeometry();
        this.geometry.setIndex(new THREE.BufferAttribute(this.indices, 1).setUsage(THREE.DynamicDrawUsage));
        for (const [name, size, array] of columns) {
            const spread = new array.constructor(size * count * shape.vertices);
            this.geometry.setAttribute(name, new THREE.BufferAttribute(spread, size, array instanceof Uint8Array));
            this.set(name, array);
        }
        this.mesh = new THREE.Mesh(this.geometry, new THREE.RawShaderMaterial({
            glslVersion: THREE.GLSL3, vertexShader, fragmentShader, uniforms, side: THREE.DoubleSide,
        }));
        this.mesh.frustumCulled = false;
    }

    /** Writes a column. */
    set(name, array) {
        const { array: spread, itemSize } = this.geometry.getAttribute(name);
        const { vertices } = this.shape;
        for (let body = 0; body < this.count; body += 1) {
            for (let vertex = 0; vertex < vertices; vertex += 1) {
                const to = (body * vertices + vertex) * itemSize;
                for (let k = 0; k < itemSize; k += 1) spread[to + k] = array[body * itemSize + k];
            }
        }
        this.geometry.getAttribute(name).needsUpdate = true;
    }

    /** Draws the first `count` bodies of a list, in its order. */
    list(order, count) {
        const { vertices, triangles } = this.shape;
        let to = 0;
        for (let slot = 0; slot < count; slot += 1) {
            const first = order[slot] * vertices;
            for (let k = 0; k < triangles.length; k += 1) this.indices[to + k] = first + triangles[k];
            to += triangles.length;
        }
        this.geometry.index.clearUpdateRanges();
        this.geometry.index.addUpdateRange(0, to);
        this.geometry.index.needsUpdate = to > 0;
        this.geometry.setDrawRange(0, to);
        this.mesh.visible = to > 0;
    }
}

/** The edges of a cell: twelve lines between the corners of origin and vectors. */
function cellEdges([origin, vectors], uniforms) {
    const corner = (bits) => origin.map((from, axis) =>
        vectors.reduce((sum, vector, k) => sum + ((bits >> k) & 1) * vector[axis], from));
    const ends = [];
    for (let bits = 0; bits < 8; bits += 1) {
        for (let k = 0; k < 3; k += 1) {
            if (!((bits >> k) & 1)) ends.push(...corner(bits), ...corner(bits | (1 << k)));
        }
    }
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute("position", new THREE.BufferAttribute(new Float32Array(ends), 3));
    const lines = new THREE.LineSegments(geometry, new THREE.RawShaderMaterial({
        glslVersion: THREE.GLSL3, vertexShader: LINE_VERTEX, fragmentShader: LINE_FRAGMENT, uniforms,
    }));
    lines.frustumCulled = false;
    return { lines, ends };
}
