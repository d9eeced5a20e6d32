// The controls beside the model: each writes into `model.what` and says what has changed.

const byId = (id) => document.getElementById(id);

/** A row of a legend. */
function swatch(colour, text, count) {
    const dot = make("span", { class: "dot" });
    dot.style.background = css(colour);
    return make("li", {}, dot, text, make("b", {}, count === undefined ? "" : grouped(count)));
}

/** How many atoms fulfil this. */
function howMany(structure, test) {
    let found = 0;
    for (let i = 0; i < structure.count; i += 1) if (test(i)) found += 1;
    return found;
}

/** The legend of the chosen colours. */
function legend(structure, colour) {
    const list = make("ul", { class: "swatches" });
    const { crystal, filling, kinds, network, networks, species } = structure;
    if (colour === "species") {
        kinds.forEach((kind, k) => {
            list.append(swatch(kind.colour, kind.symbol, howMany(structure, (i) => species[i] === k)));
        });
        return [list];
    }
    if (colour === "crystal") {
        const inside = howMany(structure, (i) => crystal[i]);
        list.append(swatch(CRYSTAL, "crystal nuclei", inside));
        list.append(swatch(DISORDERED, "disordered", structure.count - inside));
        return [list];
    }
    if (colour === "filling") {
        const row = make("ol", { class: "ramp" });
        FILLING.forEach((one, k) => {
            const bar = make("i");
            bar.style.background = css(one);
            const number = howMany(structure, (i) => filling[i] === k);
            row.append(make("li", { title: `${k}: ${grouped(number)} atoms` }, bar, String(k)));
        });
        return [row, make("p", {}, "pentagonal bipyramids that an atom caps")];
    }
    const listed = networks.slice(0, networks.length > 6 ? 5 : 6);
    for (const one of listed) list.append(swatch(one.colour, `network ${one.rank}`, one.atoms));
    const outside = howMany(structure, (i) => network[i] === 0);
    if (networks.length > listed.length) {
        const others = networks.length - listed.length;
        const last = listed.at(-1).rank;
        const dot = swatch(UNLISTED, `${grouped(others)} smaller networks`,
            howMany(structure, (i) => network[i] > last));
        const parts = networks.slice(listed.length, listed.length + 4).map((one) => css(one.colour));
        dot.querySelector(".dot").style.background = `conic-gradient(${parts
            .map((part, k) => `${part} ${k / parts.length}turn ${(k + 1) / parts.length}turn`).join(",")})`;
        list.append(dot);
    }
    list.append(swatch(OUTSIDE, "outside networks", outside));
    return [list];
}

/** A check box of what is shown. */
function check(text, checked, change) {
    const box = make("input", { type: "checkbox", checked });
    box.addEventListener("change", () => change(box.checked));
    return make("label", {}, box, text);
}

/** The box of facts about the structure. */
function fillFacts({ facts }) {
    byId("facts").replaceChildren(...facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
    byId("about").hidden = facts.length === 0;
}

/** The most networks that are listed; the others are reached by stepping. */
const LISTED = 200;

class Controls {
    /** `changed(kind)`: "colour", "choice", "slice" or "look". */
    constructor(structure, what, changed) {
        this.structure = structure;
        this.what = what;
        this.changed = changed;
        this.fillColours();
        this.fillChecks();
        this.fillNetworks();
        this.fillSlice();
        fillFacts(structure);
    }

    fillColours() {
        const { networks, crystal, filling } = this.structure;
        const any = { network: networks.length > 0, crystal: crystal.some(Boolean), filling: filling.some(Boolean) };
        for (const radio of document.getElementsByName("colour")) {
            radio.disabled = any[radio.value] === false;
            radio.addEventListener("change", () => this.colour(radio.value));
        }
        this.colour(any.network ? "network" : "species");
    }

    colour(name) {
        const radio = document.querySelector(`input[name=colour][value=${name}]`);
        if (radio.disabled) return;
        radio.checked = true;
        this.what.colour = name;
        byId("key").replaceChildren(...legend(this.structure, name));
        this.changed("colour");
    }

    fillChecks() {
        const { what, structure } = this;
        const boxes = [];
        const choose = (name) => (on) => {
            what[name] = on;
            this.changed("choice");
        };
        if (structure.networks.length > 0) boxes.push(check("Outside networks", true, choose("outside")));
        if (structure.crystal.some(Boolean)) boxes.push(check("Crystal nuclei", true, choose("crystal")));
        if (structure.bonds.length > 0) {
            boxes.push(check("Sticks", false, (on) => {
                what.sticks = on;
                byId("size").value = on ? 45 : 100;
                this.size();
                this.changed("colour");
            }));
        }
        if (structure.lattice) boxes.push(check("Cell", true, choose("cell")));
        if (structure.kinds.length > 1) {
            structure.kinds.forEach((kind, k) => boxes.push(check(kind.symbol, true, (on) => {
                what.species[k] = on;
                this.changed("choice");
            })));
        }
        byId("checks").replaceChildren(...boxes);
        byId("size").addEventListener("input", () => this.size());
        this.size();
    }

    size() {
        const size = Number(byId("size").value);
        byId("size-value").textContent = `${size} %`;
        this.what.size = size / 100;
        this.changed("look");
    }

    fillNetworks() {
        const { networks } = this.structure;
        byId("networks").hidden = networks.length === 0;
        this.rows = networks.slice(0, LISTED).map((one) => {
            const dot = make("span", { class: "dot" });
            dot.style.background = css(one.colour);
            const length = one.length === null ? "–" : one.length.toFixed(1);
            const row = make("button", {
                type: "button", "aria-pressed": "false",
                "aria-label": `Network ${one.rank}, bipyramids: ${grouped(one.bipyramids)}, atoms: ${grouped(one.atoms)}${
                    one.length === null ? "" : `, length: ${length} Å`}`,
            }, dot, ...[one.rank, one.bipyramids, one.atoms].map((x) => make("span", {}, grouped(x))),
            make("span", {}, length));
            row.addEventListener("click", () => this.isolate(this.what.network === one.rank ? 0 : one.rank));
            return row;
        });
        byId("list").replaceChildren(...this.rows.map((row) => make("li", {}, row)));
        if (networks.length > LISTED) {
            const more = `and ${grouped(networks.length - LISTED)} smaller: step with Next`;
            byId("list").append(make("li", {}, make("p", {}, more)));
        }
        byId("previous").addEventListener("click", () => this.step(-1));
        byId("next").addEventListener("click", () => this.step(1));
        byId("all").addEventListener("click", () => this.isolate(0));
        byId("all").disabled = true;
    }

    /** Shows one network alone; all atoms for 0. */
    isolate(rank) {
        this.what.network = rank;
        this.rows.forEach((row, k) => {
            const chosen = this.structure.networks[k].rank === rank;
            row.setAttribute("aria-pressed", String(chosen));
            if (chosen) row.scrollIntoView({ block: "nearest" });
        });
        byId("all").disabled = rank === 0;
        this.changed("choice");
    }

    /** The next network, or the one before. */
    step(by) {
        const { networks } = this.structure;
        if (networks.length === 0) return;
        const at = networks.findIndex((one) => one.rank === this.what.network);
        const next = at < 0 ? (by > 0 ? 0 : networks.length - 1) : (at + by + networks.length) % networks.length;
        this.isolate(networks[next].rank);
    }

    fillSlice() {
        for (const radio of document.getElementsByName("slice")) {
            radio.addEventListener("change", () => this.slice(radio.value));
        }
        for (const name of ["position", "thickness"]) {
            byId(name).addEventListener("input", () => {
                this.what.slice[name] = Number(byId(name).value);
                this.showSlice();
                this.changed("slice");
            });
        }
    }

    /** Slices across an axis; `range` tells how far the model extends along it. */
    slice(axis) {
        const { slice } = this.what;
        document.querySelector(`input[name=slice][value=${axis}]`).checked = true;
        slice.axis = axis;
        byId("slab").hidden = axis === "off";
        if (axis !== "off") {
            const [low, high] = this.range();
            const extent = Math.max(high - low, 1);
            [slice.position, slice.thickness] = [(low + high) / 2, Math.min(Math.max(extent / 6, 5), extent)];
            Object.assign(byId("position"), { min: low, max: high });
            Object.assign(byId("thickness"), { min: 0.5, max: extent });
            byId("position").value = slice.position;
            byId("thickness").value = slice.thickness;
            this.showSlice();
        }
        this.changed("slice");
    }

    nextSlice() {
        const axes = ["off", "x", "y", "z", "view"];
        this.slice(axes[(axes.indexOf(this.what.slice.axis) + 1) % axes.length]);
    }

    moveSlice(by) {
        if (this.what.slice.axis === "off") return;
        byId("position").value = Number(byId("position").value) + by * Math.max(1, this.what.slice.thickness / 5);
        byId("position").dispatchEvent(new Event("input"));
    }

    showSlice() {
        const { position, thickness } = this.what.slice;
        byId("position-value").textContent = angstrom(position, 1);
        byId("thickness-value").textContent = angstrom(thickness, 1);
    }
}
