// The page: model, controls, pace and what lies over the picture, put together.

/** The first orientation: from the front, a little from the right and from above. */
const FIRST = [-0.42, 0.32];
/** The share of the picture's shorter side that the model takes. */
const FILLED = 0.94;
const AXES = [["x", "light-dark(#c0392b, #ff7b6b)"], ["y", "light-dark(#1e8449, #5fd08a)"], ["z", "light-dark(#1f5fae, #7db4f5)"]];

class Viewer {
    constructor(structure, context) {
        this.structure = structure;
        this.context = context;
        this.canvas = byId("canvas");
        this.model = new Model(structure, this.canvas, context);
        this.sight = new Sight();
        this.pace = new Pace(this.canvas, (ratio, all) => this.render(ratio, all));
        this.decimals = Math.min(Math.max(Math.floor(-Math.log10(structure.step * 1.5)), 0), 3);
        this.kept = -1;
        this.controls = new Controls(structure, this.model.what, (kind) => this.changed(kind));
        this.controls.range = () => this.model.sliceRange(this.sight.axes());
        this.paint();
        this.reset();
        this.listen();
        new ResizeObserver(() => this.resized()).observe(byId("stage"));
    }

    changed(kind) {
        const { model } = this;
        if (kind === "colour") model.recolour();
        if (kind === "choice") model.rechoose();
        model.uniforms.size.value = model.what.size ?? 1;
        model.stale = true;
        this.pace.wake();
    }

    /** Colours of the page, as the theme has them. */
    paint() {
        const style = getComputedStyle(this.canvas);
        const parts = (colour) => (colour.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number);
        this.model.paint(parts(style.backgroundColor), parts(style.color));
        byId("theme").textContent = this.isDark() ? "Light" : "Dark";
        this.pace.wake();
    }

    isDark() {
        const chosen = document.documentElement.style.colorScheme;
        return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    }

    get size() {
        return [this.canvas.clientWidth || 1, this.canvas.clientHeight || 1];
    }

    /** Fits what is shown into the picture. */
    fit() {
        const { model, sight } = this;
        model.arrange(sight.axes());
        const { middle, half } = model.extent();
        const side = Math.min(...this.size);
        sight.centre.set(...middle);
        sight.scale = (FILLED * side) / (2 * half);
        const whole = side / (2 * model.reach);
        sight.scales = [Math.min(whole / 8, sight.scale), Math.max(side / 4, sight.scale)];
        this.fitted = side;
        this.pace.wake();
    }

    reset() {
        this.sight.turned.identity();
        this.sight.turn(FIRST[0], 0);
        this.sight.turn(0, FIRST[1]);
        this.fit();
    }

    /** Keeps what is seen when the window changes. */
    resized() {
        const side = Math.min(...this.size);
        this.sight.scale *= side / this.fitted;
        this.sight.scales = this.sight.scales.map((scale) => (scale * side) / this.fitted);
        this.fitted = side;
        this.pace.now();
    }

    render(ratio, all) {
        const [width, height] = this.size;
        this.model.render(this.sight, width, height, ratio, all);
        const { shown, structure } = this.model;
        const text = shown === structure.count
            ? `${grouped(shown)} ${shown === 1 ? "atom" : "atoms"}` : `${grouped(shown)} of ${grouped(structure.count)} atoms`;
        if (byId("count").textContent !== text) byId("count").textContent = text;
        this.drawBar();
        this.drawAxes();
        this.drawMark();
    }

    /** The length of the scale bar in Å, round, and its width in pixels. */
    bar() {
        const about = 110 / this.sight.scale;
        const power = 10 ** Math.floor(Math.log10(about));
        const length = [5, 2, 1].find((step) => step * power <= about) * power;
        return { text: `${Number(length.toPrecision(2))} Å`, width: length * this.sight.scale };
    }

    drawBar() {
        const { text, width } = this.bar();
        byId("bar").style.width = `${width}px`;
        byId("bar").firstElementChild.textContent = text;
    }

    drawAxes() {
        const [right, up] = this.sight.axes();
        const [width, height] = this.size;
        const [x0, y0, length] = [width - 46, height - 46, 26];
        const svg = "http://www.w3.org/2000/svg";
        if (!this.arms) {
            this.arms = AXES.map(([name, colour]) => {
                const line = document.createElementNS(svg, "line");
                const text = document.createElementNS(svg, "text");
                line.style.stroke = colour;
                text.textContent = name;
                byId("axes").append(line, text);
                return { line, text };
            });
        }
        this.arms.forEach(({ line, text }, k) => {
            const [x, y] = [right[k], -up[k]];
            const place = { x1: x0, y1: y0, x2: x0 + length * x, y2: y0 + length * y };
            for (const [name, value] of Object.entries(place)) line.setAttribute(name, value.toFixed(1));
            text.setAttribute("x", (x0 + (length + 9) * x).toFixed(1));
            text.setAttribute("y", (y0 + (length + 9) * y).toFixed(1));
        });
    }

    /** The ring about the atom that is kept or pointed at. */
    drawMark() {
        const atom = this.pointed >= 0 ? this.pointed : this.kept;
        const mark = byId("mark");
        const seen = atom >= 0 && this.model.visible[atom];
        mark.setAttribute("visibility", seen ? "visible" : "hidden");
        if (!seen) return;
        const { x, y, radius } = this.model.seen(this.sight, atom);
        const [width, height] = this.size;
        const { scale } = this.sight;
        mark.setAttribute("cx", (width / 2 + x * scale).toFixed(1));
        mark.setAttribute("cy", (height / 2 - y * scale).toFixed(1));
        mark.setAttribute("r", Math.max(radius * scale, 3).toFixed(1));
    }

    atomAt({ x, y }) {
        const [width, height] = this.size;
        const { scale } = this.sight;
        return this.model.at(this.sight, (x - width / 2) / scale, (height / 2 - y) / scale);
    }

    /** What is known of an atom: names and values. */
    about(atom) {
        const { positions, species, kinds, network, crystal, filling } = this.structure;
        const place = [0, 1, 2].map((k) => angstrom(positions[3 * atom + k], this.decimals).slice(0, -2));
        return [
            ["Number", grouped(atom)],
            ["Species", kinds[species[atom]].symbol],
            ["Position", `${place.join(", ")} Å`],
            ["Network", network[atom] ? String(network[atom]) : "none"],
            ["Crystal", crystal[atom] ? "yes" : "no"],
            ["Filling", `${filling[atom]} of 12`],
        ];
    }

    hover(point) {
        const atom = point ? this.atomAt(point) : -1;
        const tip = byId("tip");
        tip.hidden = atom < 0;
        this.canvas.style.cursor = atom < 0 ? "" : "pointer";
        if (atom >= 0) {
            if (atom !== this.pointed) {
                tip.textContent = this.about(atom).map(([name, value]) => `${name}: ${value}`).join("\n");
            }
            const [width, height] = this.size;
            const left = point.x + 14 + tip.offsetWidth > width ? point.x - 14 - tip.offsetWidth : point.x + 14;
            const top = Math.min(point.y + 14, height - tip.offsetHeight - 4);
            tip.style.left = `${Math.max(left, 0)}px`;
            tip.style.top = `${Math.max(top, 0)}px`;
        }
        this.pointed = atom;
        this.drawMark();
    }

    /** Keeps an atom in the box; -1 for none. */
    keep(atom) {
        this.kept = atom;
        const rows = atom < 0 ? [] : this.about(atom);
        byId("atom").replaceChildren(...rows.slice(1).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
        if (atom >= 0 && !this.model.visible[atom]) byId("atom").append(make("dt", {}, "Shown"), make("dd", {}, "no"));
        const field = byId("number");
        if (document.activeElement !== field) field.value = atom < 0 ? "" : atom;
        this.drawMark();
    }

    listen() {
        listen(this.canvas, this.sight, {
            changed: () => this.pace.wake(),
            hover: (point) => this.hover(point),
            click: (point) => this.keep(this.atomAt(point)),
        });
        const press = { fit: "fit", reset: "reset", save: "save", help: "help", theme: "switchTheme" };
        for (const [id, name] of Object.entries(press)) byId(id).addEventListener("click", () => this[name]());
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.paint());
        const number = byId("number");
        number.max = this.structure.count - 1;
        number.addEventListener("input", () => {
            const atom = number.value === "" ? -1 : Number(number.value);
            this.keep(Number.isInteger(atom) && atom >= 0 && atom < this.structure.count ? atom : -1);
        });
        byId("forget").addEventListener("click", () => {
            number.value = "";
            this.keep(-1);
        });
        document.addEventListener("keydown", (event) => this.key(event));
        this.canvas.addEventListener("webglcontextrestored", () => this.changed("colour"));
        document.addEventListener("visibilitychange", () => this.pace.wake());
    }

    key(event) {
        if (event.ctrlKey || event.altKey || event.metaKey || byId("keys").open) return;
        const { target } = event;
        if (target.type === "number") return;
        const inControl = target !== this.canvas && target !== document.body;
        if (!(inControl && event.key.startsWith("Arrow")) && turnByKey(this.sight, event)) {
            event.preventDefault();
            this.hover(null);
            this.pace.wake();
            return;
        }
        const { controls } = this;
        const keys = {
            r: () => this.reset(),
            f: () => this.fit(),
            1: () => controls.colour("network"),
            2: () => controls.colour("crystal"),
            3: () => controls.colour("filling"),
            4: () => controls.colour("species"),
            n: () => controls.step(1),
            p: () => controls.step(-1),
            s: () => controls.nextSlice(),
            ",": () => controls.moveSlice(-1),
            ".": () => controls.moveSlice(1),
            "?": () => this.help(),
            Escape: () => {
                this.keep(-1);
                controls.isolate(0);
            },
        };
        const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
        if (!act) return;
        event.preventDefault();
        act();
    }

    help() {
        byId("keys").showModal();
    }

    switchTheme() {
        document.documentElement.style.colorScheme = this.isDark() ? "light" : "dark";
        this.paint();
    }

    /** Saves the picture with its scale bar. */
    save() {
        const ratio = this.pace.sharp();
        this.render(ratio, this.pace.swift);
        const picture = make("canvas", { width: this.canvas.width, height: this.canvas.height });
        const pen = picture.getContext("2d");
        pen.drawImage(this.canvas, 0, 0);
        pen.scale(ratio, ratio);
        const { text, width } = this.bar();
        const style = getComputedStyle(this.canvas);
        const bottom = this.size[1] - 12;
        [pen.strokeStyle, pen.fillStyle, pen.lineWidth] = [style.color, style.color, 1.5];
        [pen.font, pen.textAlign] = [`12px ${style.fontFamily}`, "center"];
        pen.stroke(new Path2D(`M12 ${bottom - 5}v5h${width}v-5`));
        pen.fillText(text, 12 + width / 2, bottom - 9);
        picture.toBlob((blob) => {
            const link = make("a", { href: URL.createObjectURL(blob), download: `${this.fileName()}.png` });
            link.click();
            setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
        });
    }

    /** The title with what file systems refuse left out. */
    fileName() {
        return this.structure.title.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 80) || "structure";
    }
}

function open() {
    const structure = readStructure();
    byId("title").textContent = structure.title;
    byId("subtitle").textContent = structure.subtitle;
    const context = byId("canvas").getContext("webgl2", { antialias: false, alpha: false, powerPreference: "high-performance" });
    if (!context) {
        byId("sorry").textContent = "This browser cannot draw in three dimensions (WebGL 2 is missing or switched off): open this file in a current Firefox, Chrome, Edge or Safari.";
        byId("sorry").hidden = false;
        for (const part of document.querySelectorAll(".tools, fieldset:not(#about)")) part.hidden = true;
        fillFacts(structure);
        return null;
    }
    const viewer = new Viewer(structure, context);
    document.documentElement.dataset.atoms = structure.count;
    if (location.hash === "#benchmark") benchmark(viewer.pace, viewer.sight, context);
    return viewer;
}

/** For the console. */
const viewer = open();
