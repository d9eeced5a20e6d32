// Which balls come first, and which are hidden by others. Of a dense structure one ball in ten is
// seen; a machine without graphics card turns it fluently when it is given no more than that.

/** The number of depths by which atoms are sorted. */
const DEPTHS = 2048;
/** A cell of the grid on the picture, in parts of the smallest ball's radius, and the finest grid. */
const CELL = 1 / 3;
const FINEST = 1024;
/** Half the diagonal of a cell. */
const DIAGONAL = Math.SQRT1_2;

/** Whether a cell whose middle lies in the disc about (u, v) is not covered. */
function isOpen(grid, side, u, v, radius) {
    const last = Math.min(Math.floor(v + radius - 0.5), side - 1);
    for (let row = Math.max(Math.ceil(v - radius - 0.5), 0); row <= last; row += 1) {
        const rise = row + 0.5 - v;
        const half = Math.sqrt(radius * radius - rise * rise);
        const to = row * side + Math.min(Math.floor(u + half - 0.5), side - 1);
        for (let at = row * side + Math.max(Math.ceil(u - half - 0.5), 0); at <= to; at += 1) {
            if (grid[at] === 0) return true;
        }
    }
    return false;
}

/** Covers the cells whose middle lies in the disc about (u, v). */
function coverDisc(grid, side, u, v, radius) {
    const last = Math.min(Math.floor(v + radius - 0.5), side - 1);
    for (let row = Math.max(Math.ceil(v - radius - 0.5), 0); row <= last; row += 1) {
        const rise = row + 0.5 - v;
        const half = Math.sqrt(radius * radius - rise * rise);
        const to = row * side + Math.min(Math.floor(u + half - 0.5), side - 1);
        for (let at = row * side + Math.max(Math.ceil(u - half - 0.5), 0); at <= to; at += 1) grid[at] = 1;
    }
}

class Sorter {
    constructor({ positions, count, kinds, species }, middle, reach) {
        Object.assign(this, { positions, count, kinds, species, middle, reach });
        this.bins = new Uint16Array(count);
        this.seen = new Uint32Array(count);
        this.places = new Float32Array(3 * count);
    }

    /** Writes the visible atoms to `order`, those nearest to the viewer first; how many there are. */
    sort(visible, [dx, dy, dz], order) {
        const { positions, count, middle, reach, bins } = this;
        const offset = middle[0] * dx + middle[1] * dy + middle[2] * dz + reach;
        const perAngstrom = (DEPTHS - 1) / (2 * reach);
        const starts = new Uint32Array(DEPTHS + 1);
        for (let i = 0; i < count; i += 1) {
            if (!visible[i]) continue;
            const depth = offset - positions[3 * i] * dx - positions[3 * i + 1] * dy - positions[3 * i + 2] * dz;
            const bin = Math.min(Math.max(Math.floor(depth * perAngstrom), 0), DEPTHS - 1);
            bins[i] = bin;
            starts[bin + 1] += 1;
        }
        for (let d = 0; d < DEPTHS; d += 1) starts[d + 1] += starts[d];
        const shown = starts[DEPTHS];
        for (let i = 0; i < count; i += 1) {
            if (!visible[i]) continue;
            order[starts[bins[i]]] = i;
            starts[bins[i]] += 1;
        }
        return shown;
    }

    /** Of the atoms of a sorted list those that are not certainly hidden, and how many; `half` is half
     * the width and height of the picture about `centre`, in Å.
     *
     * On a grid a ball covers the cells that lie inside its disc, for what lies wholly behind its
     * centre; a ball is hidden when all the cells that its disc touches are covered. Cells outside the
     * picture count as covered. */
    unhidden(order, shown, [right, up, front], centre, half, size) {
        const { positions, species, kinds, middle, reach, places, seen } = this;
        const radii = kinds.map((kind) => kind.radius * size);
        const largest = Math.max(...radii);
        const cell = Math.max(Math.min(...radii) * CELL, (2 * reach) / FINEST);
        const side = Math.ceil((2 * reach) / cell) + 2;
        const grid = this.emptyGrid(side, cell, right, up, centre, half);
        let [marked, count] = [0, 0];
        for (let slot = 0; slot < shown; slot += 1) {
            const i = order[slot];
            const [x, y, z] = [positions[3 * i] - middle[0], positions[3 * i + 1] - middle[1], positions[3 * i + 2] - middle[2]];
            const depth = x * front[0] + y * front[1] + z * front[2];
            const radius = radii[species[i]] / cell;
            const [u, v] = [
                (x * right[0] + y * right[1] + z * right[2]) / cell + side / 2,
                (x * up[0] + y * up[1] + z * up[2]) / cell + side / 2,
            ];
            // What is seen is remembered, with depth, and covers once the list is far enough behind it.
            while (marked < count && places[3 * marked + 2] >= depth + largest) {
                const inside = radii[species[seen[marked]]] / cell - DIAGONAL;
                if (inside > 0) coverDisc(grid, side, places[3 * marked], places[3 * marked + 1], inside);
                marked += 1;
            }
            if (!isOpen(grid, side, u, v, radius + DIAGONAL)) continue;
            places[3 * count] = u;
            places[3 * count + 1] = v;
            places[3 * count + 2] = depth;
            seen[count] = i;
            count += 1;
        }
        return [seen, count];
    }

    /** The grid over the model with the cells outside the picture covered. */
    emptyGrid(side, cell, right, up, centre, half) {
        if (!this.grid || this.grid.length < side * side) this.grid = new Uint8Array(side * side);
        const along = (axis) => axis.reduce((sum, part, k) => sum + part * (centre[k] - this.middle[k]), 0);
        const bounds = [[along(right), half[0]], [along(up), half[1]]].map(([at, reach]) => [
            Math.max(Math.floor((at - reach) / cell + side / 2), 0),
            Math.min(Math.ceil((at + reach) / cell + side / 2), side),
        ]);
        this.grid.fill(1);
        for (let row = bounds[1][0]; row < bounds[1][1]; row += 1) {
            if (bounds[0][1] > bounds[0][0]) this.grid.fill(0, row * side + bounds[0][0], row * side + bounds[0][1]);
        }
        return this.grid;
    }
}
