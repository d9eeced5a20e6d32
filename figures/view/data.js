"use strict";
// What the page carries: a JSON text with names and numbers, and the columns of the atoms and sticks
// as base64 of little-endian whole numbers, each as narrow as its largest value allows.

/** The typed array of a column that `mod.rs` wrote. */
function column(name) {
    const element = document.getElementById(`column-${name}`);
    const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array };
    const text = atob(element.textContent.trim());
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
    return new kinds[element.dataset.kind](bytes.buffer);
}

/** The structure: columns of the atoms (positions in Å) and what is known of kinds and networks. */
function readStructure() {
    const about = JSON.parse(document.getElementById("view").textContent);
    const steps = column("positions");
    const count = steps.length / 3;
    const positions = new Float32Array(steps.length);
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    for (let i = 0; i < steps.length; i += 1) {
        const axis = i % 3;
        positions[i] = about.origin[axis] + steps[i] * about.step;
        low[axis] = Math.min(low[axis], positions[i]);
        high[axis] = Math.max(high[axis], positions[i]);
    }
    const bonds = column("bonds");
    return {
        ...about,
        count,
        positions,
        low,
        high,
        species: column("species"),
        network: column("network"),
        crystal: column("crystal"),
        filling: column("filling"),
        bonds,
    };
}

/** A whole number with thousands marked, as in the paper: 76,000. */
function grouped(number) {
    return number.toLocaleString("en-US");
}

/** A length with its unit; the real minus sign. */
function angstrom(length, decimals) {
    return `${length.toFixed(decimals).replace("-", "−")} Å`;
}

/** An element with text and attributes; text is never read as HTML. */
function make(tag, attributes = {}, ...inside) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name in element && typeof value !== "string") element[name] = value;
        else element.setAttribute(name, value);
    }
    element.append(...inside);
    return element;
}

/** A colour (red, green, blue, 0 to 255) for a style. */
function css(colour) {
    return `rgb(${colour[0]} ${colour[1]} ${colour[2]})`;
}
