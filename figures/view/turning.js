// From where the model is seen: orientation, centre and scale, and how mouse, fingers and keys change
// them.

/** How far a drag turns: a drag over the shorter side of the picture is half a turn. */
const HALF_TURN = Math.PI;
/** How far a press of a key turns, in radians, and zooms. */
const KEY_TURN = Math.PI / 36;
const KEY_ZOOM = 1.15;
/** What is less than this many pixels is a click, not a drag. */
const CLICK = 4;

class Sight {
    constructor() {
        this.turned = new THREE.Quaternion();
        this.centre = new THREE.Vector3();
        /** CSS pixels per Å. */
        this.scale = 1;
        /** Every scale within these. */
        this.scales = [1, 1];
    }

    /** Turns about the axes of the picture: to the right, downwards. */
    turn(right, down) {
        const step = new THREE.Quaternion();
        const angle = Math.hypot(right, down);
        if (angle === 0) return;
        step.setFromAxisAngle(new THREE.Vector3(down / angle, right / angle, 0), angle);
        this.turned.premultiply(step).normalize();
    }

    /** Moves the model in the picture, in pixels. */
    move(right, down) {
        const shift = new THREE.Vector3(-right / this.scale, down / this.scale, 0);
        this.centre.add(shift.applyQuaternion(this.turned.clone().conjugate()));
    }

    /** Zooms; what lies at (x, y), in pixels from the middle, stays there. */
    zoom(factor, x = 0, y = 0) {
        const [least, most] = this.scales;
        const scale = Math.min(Math.max(this.scale * factor, least), most);
        const gain = scale / this.scale;
        this.move(x * (1 / gain - 1), y * (1 / gain - 1));
        this.scale = scale;
    }

    /** The axes of the picture (right, up, towards the viewer) in the model. */
    axes() {
        const back = this.turned.clone().conjugate();
        return [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map((axis) =>
            new THREE.Vector3(...axis).applyQuaternion(back).toArray());
    }
}

/** Listens to mouse and fingers on the canvas. `seen.changed()` after each change; `seen.hover(x, y)`
 * and `seen.click(x, y)` in pixels from the upper left corner. */
function listen(canvas, sight, seen) {
    const down = new Map();
    let travelled = 0;
    const place = (event) => {
        const box = canvas.getBoundingClientRect();
        return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const about = ({ x, y }) => [x - canvas.clientWidth / 2, y - canvas.clientHeight / 2];
    const middle = () => {
        const points = [...down.values()];
        const sum = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }));
        const [a, b] = points;
        return {
            x: sum.x / points.length,
            y: sum.y / points.length,
            apart: b ? Math.max(Math.hypot(a.x - b.x, a.y - b.y), 1) : 1,
        };
    };
    canvas.addEventListener("pointerdown", (event) => {
        // A pointer that the page made itself, in a test say, cannot be captured.
        try { canvas.setPointerCapture(event.pointerId); } catch { /* it works without */ }
        down.set(event.pointerId, place(event));
        travelled = down.size > 1 ? Infinity : 0;
        canvas.classList.add("turning");
        seen.hover(null);
    });
    canvas.addEventListener("pointermove", (event) => {
        const now = place(event);
        const last = down.get(event.pointerId);
        if (!last) {
            if (event.pointerType === "mouse") seen.hover(now);
            return;
        }
        const before = middle();
        down.set(event.pointerId, now);
        const after = middle();
        const [right, low] = [after.x - before.x, after.y - before.y];
        travelled += Math.hypot(right, low);
        if (travelled < CLICK) return;
        if (down.size > 1) {
            sight.move(right, low);
            sight.zoom(after.apart / before.apart, ...about(after));
        } else if (event.shiftKey || (event.buttons & 6)) {
            sight.move(right, low);
        } else {
            const side = Math.min(canvas.clientWidth, canvas.clientHeight);
            sight.turn((right * HALF_TURN) / side, (low * HALF_TURN) / side);
        }
        seen.changed();
    });
    const lift = (event) => {
        if (!down.delete(event.pointerId) || down.size > 0) return;
        canvas.classList.remove("turning");
        if (event.type === "pointerup" && travelled < CLICK && event.button === 0) {
            seen.click(place(event));
        }
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener("pointerleave", () => seen.hover(null));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("wheel", (event) => {
        event.preventDefault();
        const lines = event.deltaMode === 1 ? 20 : 1;
        const step = Math.min(Math.max(event.deltaY * lines, -200), 200);
        sight.zoom(Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0015)), ...about(place(event)));
        seen.changed();
    }, { passive: false });
}

/** Turns, moves or zooms by a key; whether it was such a key. */
function turnByKey(sight, event) {
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const arrow = arrows[event.key];
    if (arrow && event.shiftKey) sight.move(40 * arrow[0], 40 * arrow[1]);
    else if (arrow) sight.turn(KEY_TURN * arrow[0], KEY_TURN * arrow[1]);
    else if (event.key === "+" || event.key === "=") sight.zoom(KEY_ZOOM);
    else if (event.key === "-" || event.key === "−") sight.zoom(1 / KEY_ZOOM);
    else return false;
    return true;
}
