// When to draw, and how finely: nothing while nothing changes, as fine as the machine can while it
// does, sharp once it rests.

/** How long after a change the picture counts as at rest, in ms. */
const REST = 160;
/** A frame that takes less than this, in ms, is as fast as screens show it. */
const SWIFT = 20;
/** Else a frame should take between these. */
const FAST = 36;
const SLOW = 60;
/** From how many frames the pace is learnt. */
const LEARNT = 5;
/** The coarsest picture: this many pixels for each CSS pixel. */
const COARSEST = 0.4;
/** The most pixels of a sharp picture. */
const MOST_PIXELS = 8e6;

class Pace {
    /** `render(ratio, all)` draws the picture; with `all`, also what is hidden. */
    constructor(canvas, render) {
        this.canvas = canvas;
        this.render = render;
        /** Pixels for each pixel of the screen while the model moves. */
        this.quality = 1;
        /** Whether the machine draws what is hidden as fast as it could be sorted out, and whether it
         * has been seen not to. */
        this.swift = false;
        this.notSwift = false;
        this.until = 0;
        this.changed = false;
        this.last = null;
        this.frames = 0;
        this.intervals = [];
    }

    /** Something has changed. */
    wake() {
        this.until = performance.now() + REST;
        this.changed = true;
        this.ask();
    }

    /** The window has changed: what was drawn for another size is not stretched meanwhile. */
    now() {
        this.render(this.density * this.quality, this.swift);
        this.wake();
    }

    ask() {
        this.asked ??= requestAnimationFrame((now) => {
            this.asked = null;
            this.frame(now);
        });
    }

    get density() {
        return Math.min(window.devicePixelRatio || 1, 3);
    }

    /** Learns from the time between two frames that were both drawn: the median of some, as one may
     * be late for any reason. */
    learn(interval) {
        this.intervals.push(interval);
        if (this.intervals.length < LEARNT) return;
        const middle = this.intervals.sort((a, b) => a - b)[LEARNT >> 1];
        this.intervals = [];
        if (this.swift && middle > SWIFT) {
            [this.swift, this.notSwift] = [false, true];
        } else if (middle > SLOW) {
            this.quality *= Math.max(0.7, SLOW / middle);
        } else if (middle < FAST) {
            this.swift ||= this.quality === 1 && middle < SWIFT && !this.notSwift;
            this.quality *= 1.1;
        }
        this.quality = Math.min(Math.max(this.quality, COARSEST / this.density), 1);
    }

    frame(now) {
        if (performance.now() >= this.until) {
            this.last = null;
            this.changed = false;
            this.render(this.sharp(), this.swift);
            this.canvas.dataset.rest = "sharp";
            return;
        }
        if (this.changed) {
            if (this.last !== null) this.learn(now - this.last);
            delete this.canvas.dataset.rest;
            this.render(this.density * this.quality, this.swift);
            this.frames += 1;
            this.last = now;
            this.changed = false;
        } else {
            this.last = null;
        }
        this.ask();
    }

    /** Pixels for each CSS pixel of the picture at rest: two each way smooth its edges. */
    sharp() {
        const { clientWidth, clientHeight } = this.canvas;
        const most = Math.sqrt(MOST_PIXELS / Math.max(clientWidth * clientHeight, 1));
        return Math.min(Math.max(2, this.density), most);
    }
}

/** Turns the model for some seconds; frames per second in the title and on the root element. */
function benchmark(pace, sight, context) {
    const warm = 1500;
    const seconds = 4;
    const root = document.documentElement;
    let [start, first] = [null, 0];
    const pixel = new Uint8Array(4);
    const drained = () => context.readPixels(0, 0, 1, 1, context.RGBA, context.UNSIGNED_BYTE, pixel);
    const begun = performance.now();
    const step = () => {
        const now = performance.now();
        if (start === null && now - begun > warm) {
            drained();
            [start, first] = [performance.now(), pace.frames];
        }
        if (start !== null && now - start > 1000 * seconds) {
            // What was asked for must have been drawn before it counts.
            drained();
            const rate = ((pace.frames - first) * 1000) / (performance.now() - start);
            root.dataset.framesPerSecond = rate.toFixed(1);
            root.dataset.quality = pace.quality.toFixed(2);
            document.title = `${rate.toFixed(1)} frames/s`;
            return;
        }
        sight.turn(0.03, 0.007);
        pace.wake();
        requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
}
