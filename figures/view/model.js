// The model: which atoms are shown, in which colours, drawn from where; it knows no controls.

/** Atoms outside networks. */
const OUTSIDE = [176, 182, 188];
/** Atoms of networks that have no colour of their own. */
const UNLISTED = [128, 136, 146];
const CRYSTAL = [58, 122, 196];
const DISORDERED = [214, 196, 170];
/** Icosahedral filling: none, then from cold to hot, 1 to 12. */
const FILLING = [OUTSIDE, ...Array.from({ length: 12 }, (_, k) => ramp(k / 11))];

/** A colour between cold, blue at 0, and hot, yellow at 1. */
function ramp(share) {
    const stops = [[36, 72, 168], [146, 62, 142], [224, 84, 36], [250, 205, 70]];
    const at = share * (stops.length - 1);
    const from = Math.min(Math.floor(at), stops.length - 2);
    return stops[from].map((low, k) => Math.round(low + (at - from) * (stops[from + 1][k] - low)));
}

/** How far a turn leaves atoms sorted (cosine). */
const STILL_SORTED = Math.cos(Math.PI / 15);
/** The radius of a stick, in parts of the smallest ball. */
const STICK = 0.16;

class Model {
    constructor(structure, canvas, context) {
        this.structure = structure;
        this.canvas = canvas;
        this.renderer = new THREE.WebGLRenderer({ canvas, context, antialias: false });
        this.renderer.setPixelRatio(1);
        this.uniforms = {
            ground: { value: new THREE.Vector3(1, 1, 1) },
            ink: { value: new THREE.Vector3(0, 0, 0) },
            mist: { value: [0, 0] },
            projected: { value: 0 },
            size: { value: 1 },
            thickness: { value: STICK * Math.min(...structure.kinds.map((kind) => kind.radius)) },
        };
        this.what = {
            colour: "network", network: 0, outside: true, crystal: true, sticks: false, cell: true,
            species: structure.kinds.map(() => true),
            slice: { axis: "off", position: 0, thickness: 10 },
        };
        this.build();
        this.recolour();
        this.rechoose();
    }

    build() {
        const { count, positions, species, kinds, bonds, lattice } = this.structure;
        const balls = new Float32Array(4 * count);
        for (let i = 0; i < count; i += 1) {
            balls.set(positions.subarray(3 * i, 3 * i + 3), 4 * i);
            balls[4 * i + 3] = kinds[species[i]].radius;
        }
        this.colours = new Uint8Array(4 * count);
        this.atoms = new Bodies(BALL, count, [["ball", 4, balls], ["tint", 4, this.colours]],
            BALL_VERTEX, BALL_FRAGMENT, this.uniforms);
        const ends = (from, size, of) => {
            const column = new of.constructor(size * bonds.length / 2);
            for (let i = 0; i < bonds.length / 2; i += 1) {
                const atom = bonds[2 * i + from];
                column.set(of.subarray(size * atom, size * (atom + 1)), size * i);
            }
            return column;
        };
        this.ends = ends;
        this.bars = new Bodies(ROD, bonds.length / 2, [
            ["from", 3, ends(0, 3, positions)], ["to", 3, ends(1, 3, positions)],
            ["tintFrom", 4, ends(0, 4, this.colours)], ["tintTo", 4, ends(1, 4, this.colours)],
        ], STICK_VERTEX, STICK_FRAGMENT, this.uniforms);
        this.group = new THREE.Group();
        this.group.add(this.atoms.mesh, this.bars.mesh);
        this.cell = lattice ? cellEdges(lattice, this.uniforms) : null;
        if (this.cell) this.group.add(this.cell.lines);
        this.scene = new THREE.Scene();
        this.scene.add(this.group);
        this.camera = new THREE.OrthographicCamera(-1, 1, 1, -1, -1, 1);
        this.chosen = new Uint8Array(count);
        /** The shown atoms, those in front first. */
        this.order = new Uint32Array(count);
        this.shown = 0;
        this.visible = new Uint8Array(count);
        this.sorter = new Sorter(this.structure, this.middle(), this.reach);
        this.sortedBy = [0, 0, 0];
    }

    /** The colour of an atom by what is chosen. */
    colourOf(atom) {
        const { crystal, filling, kinds, network, networks, species } = this.structure;
        switch (this.what.colour) {
            case "crystal": return crystal[atom] ? CRYSTAL : DISORDERED;
            case "filling": return FILLING[Math.min(filling[atom], 12)];
            case "species": return kinds[species[atom]].colour;
            default: {
                const rank = network[atom];
                if (rank === 0) return OUTSIDE;
                this.byRank ??= new Map(networks.map((one) => [one.rank, one.colour]));
                return this.byRank.get(rank) ?? UNLISTED;
            }
        }
    }

    recolour() {
        for (let i = 0; i < this.structure.count; i += 1) this.colours.set(this.colourOf(i), 4 * i);
        this.atoms.set("tint", this.colours);
        this.bars.set("tintFrom", this.ends(0, 4, this.colours));
        this.bars.set("tintTo", this.ends(1, 4, this.colours));
    }

    /** Finds the atoms that are chosen by species, network and crystal. */
    rechoose() {
        const { count, crystal, network, species } = this.structure;
        const { what } = this;
        for (let i = 0; i < count; i += 1) {
            const inNetwork = what.network > 0
                ? network[i] === what.network
                : what.outside || network[i] > 0;
            const kept = what.crystal || !crystal[i];
            this.chosen[i] = inNetwork && kept && what.species[species[i]] ? 1 : 0;
        }
        this.stale = true;
    }

    /** The direction across which the model is cut, in the model. */
    sliceDirection(axes) {
        const { axis } = this.what.slice;
        if (axis === "off") return null;
        if (axis === "view") return axes[2];
        return ["x", "y", "z"].map((name) => (name === axis ? 1 : 0));
    }

    /** The middle of the model. */
    middle() {
        const { low, high } = this.structure;
        return low.map((from, k) => (from + high[k]) / 2);
    }

    /** Where positions of a slice are counted from: the origin, or the middle if seen from the front. */
    sliceOrigin(direction) {
        if (this.what.slice.axis !== "view") return 0;
        return this.middle().reduce((sum, x, k) => sum + x * direction[k], 0);
    }

    /** How far the model extends in the direction of the slice. */
    sliceRange(axes) {
        const { low, high } = this.structure;
        const index = ["x", "y", "z"].indexOf(this.what.slice.axis);
        if (index >= 0) return [low[index], high[index]];
        const half = Math.hypot(...low.map((from, k) => high[k] - from)) / 2;
        return [-half, half];
    }

    /** Finds the atoms that are shown, those in front first, and the sticks between them. */
    arrange(axes) {
        const { positions, count } = this.structure;
        const cut = this.sliceDirection(axes);
        const { slice } = this.what;
        const at = cut ? this.sliceOrigin(cut) + slice.position : 0;
        for (let i = 0; i < count; i += 1) {
            this.visible[i] = this.chosen[i];
            if (!cut || !this.chosen[i]) continue;
            const away = positions[3 * i] * cut[0] + positions[3 * i + 1] * cut[1] + positions[3 * i + 2] * cut[2] - at;
            if (Math.abs(away) > slice.thickness / 2) this.visible[i] = 0;
        }
        this.shown = this.sorter.sort(this.visible, axes[2], this.order);
        this.arrangeSticks();
        this.sortedBy = axes[2];
        this.stale = false;
    }

    arrangeSticks() {
        const { bonds } = this.structure;
        const both = [];
        for (let i = 0; this.what.sticks && i < bonds.length; i += 2) {
            if (this.visible[bonds[i]] && this.visible[bonds[i + 1]]) both.push(i / 2);
        }
        this.bars.list(both, both.length);
    }

    /** Half the diagonal of everything, with the balls, in Å. */
    get reach() {
        const { low, high, kinds } = this.structure;
        const ball = Math.max(...kinds.map((kind) => kind.radius)) * 1.5;
        return Math.hypot(...low.map((from, k) => high[k] - from)) / 2 + ball;
    }

    /** The middle and the half diagonal of the sphere about what is chosen. */
    extent() {
        const { positions, count, kinds } = this.structure;
        const low = [Infinity, Infinity, Infinity];
        const high = low.map((x) => -x);
        const take = (x, k) => {
            low[k] = Math.min(low[k], x);
            high[k] = Math.max(high[k], x);
        };
        for (let i = 0; i < count; i += 1) {
            if (!this.visible[i]) continue;
            for (let k = 0; k < 3; k += 1) take(positions[3 * i + k], k);
        }
        if (low[0] > high[0]) return { middle: this.middle(), half: this.reach };
        const middle = low.map((from, k) => (from + high[k]) / 2);
        let half = 0;
        const far = (x, y, z) => {
            half = Math.max(half, Math.hypot(x - middle[0], y - middle[1], z - middle[2]));
        };
        for (let i = 0; i < count; i += 1) {
            if (this.visible[i]) far(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]);
        }
        const ends = this.cell && this.what.cell && this.shown === count ? this.cell.ends : [];
        for (let i = 0; i < ends.length; i += 3) far(ends[i], ends[i + 1], ends[i + 2]);
        return { middle, half: half + Math.max(...kinds.map((kind) => kind.radius)) };
    }

    /** The colours of page and ink, 0 to 255. */
    paint(ground, ink) {
        this.uniforms.ground.value.set(...ground.map((part) => part / 255));
        this.uniforms.ink.value.set(...ink.map((part) => part / 255));
        this.renderer.setClearColor(new THREE.Color().setRGB(...ground.map((part) => part / 255), THREE.SRGBColorSpace), 1);
    }

    /** Draws the model into a picture of this size in CSS pixels, with `ratio` pixels for each; with
     * `all`, also the balls that others hide. */
    render(sight, width, height, ratio, all) {
        const axes = sight.axes();
        const facing = axes[2].reduce((sum, x, k) => sum + x * this.sortedBy[k], 0);
        const arranged = !this.stale && (all ? facing > STILL_SORTED : facing === 1)
            && this.what.slice.axis !== "view";
        if (!arranged) this.arrange(axes);
        if (!all) {
            const half = [width / 2 / sight.scale, height / 2 / sight.scale];
            const [seen, count] = this.sorter.unhidden(this.order, this.shown, axes, sight.centre.toArray(), half, this.uniforms.size.value);
            this.atoms.list(seen, count);
        } else if (!arranged || !this.listsAll) {
            this.atoms.list(this.order, this.shown);
        }
        this.listsAll = all;
        const middle = new THREE.Vector3(...this.middle());
        const far = this.reach + middle.clone().sub(sight.centre).length()
            + (this.cell ? this.reach : 0);
        const { camera } = this;
        camera.right = width / 2 / sight.scale;
        camera.top = height / 2 / sight.scale;
        [camera.left, camera.bottom, camera.near, camera.far] = [-camera.right, -camera.top, -far, far];
        camera.updateProjectionMatrix();
        this.uniforms.projected.value = camera.projectionMatrix.elements[10];
        this.group.quaternion.copy(sight.turned);
        this.group.position.copy(sight.centre).applyQuaternion(sight.turned).negate();
        const depth = middle.clone().sub(sight.centre).applyQuaternion(sight.turned).z;
        this.uniforms.mist.value = [depth + this.reach, depth - this.reach];
        if (this.cell) this.cell.lines.visible = this.what.cell;
        const pixels = [width * ratio, height * ratio].map((side) => Math.max(Math.round(side), 1));
        if (this.canvas.width !== pixels[0] || this.canvas.height !== pixels[1]) {
            this.renderer.setSize(...pixels, false);
        }
        this.renderer.render(this.scene, camera);
    }

    /** The shown atom that is seen at (x, y), in Å from the middle of the picture, or -1. */
    at(sight, x, y) {
        const { positions, species, kinds } = this.structure;
        const [right, up, front] = sight.axes();
        const { x: cx, y: cy, z: cz } = sight.centre;
        const squares = kinds.map((kind) => (kind.radius * this.uniforms.size.value) ** 2);
        let [found, nearest] = [-1, -Infinity];
        for (let slot = 0; slot < this.shown; slot += 1) {
            const i = this.order[slot];
            const [dx, dy, dz] = [positions[3 * i] - cx, positions[3 * i + 1] - cy, positions[3 * i + 2] - cz];
            const u = dx * right[0] + dy * right[1] + dz * right[2] - x;
            const v = dx * up[0] + dy * up[1] + dz * up[2] - y;
            const left = squares[species[i]] - u * u - v * v;
            if (left <= 0) continue;
            const depth = dx * front[0] + dy * front[1] + dz * front[2] + Math.sqrt(left);
            if (depth > nearest) [found, nearest] = [i, depth];
        }
        return found;
    }

    /** Where an atom is seen, in Å from the middle of the picture, and its radius. */
    seen(sight, atom) {
        const { positions, species, kinds } = this.structure;
        const [right, up] = sight.axes();
        const from = sight.centre.toArray();
        const along = (axis) => axis.reduce((sum, part, k) => sum + part * (positions[3 * atom + k] - from[k]), 0);
        return { x: along(right), y: along(up), radius: kinds[species[atom]].radius * this.uniforms.size.value };
    }
}
