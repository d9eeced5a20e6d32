// What of three.js the page uses; README.md says how it is bundled.
export {
    BufferAttribute,
    BufferGeometry,
    Color,
    DoubleSide,
    DynamicDrawUsage,
    GLSL3,
    Group,
    LineSegments,
    Mesh,
    OrthographicCamera,
    Quaternion,
    RawShaderMaterial,
    SRGBColorSpace,
    Scene,
    Vector3,
    WebGLRenderer,
} from "three";
