// Voronoi cells with volumes, face areas and edge counts by voro++, in an open box.
//
// voro FILE REPETITIONS: positions as raw f64; prints "seconds peak_mb check" for each repetition.
// The check is the sum of the volumes of the cells that the box hardly cuts, as in ours.rs.
#include "common.hpp"
#include <cmath>
#include <voro++/voro++.hh>

int main(int count, char **arguments) {
    const Input input(count, arguments);
    const double margin = 10.0, per_block = 5.6;
    double low[3], high[3];
    input.bounds(low, high);
    int blocks[3];
    double volume = 1.0;
    for (int k = 0; k < 3; k++) {
        low[k] -= margin;
        high[k] += margin;
        volume *= high[k] - low[k];
    }
    const double edge = std::cbrt(volume * per_block / input.size());
    for (int k = 0; k < 3; k++) blocks[k] = int((high[k] - low[k]) / edge) + 1;
    input.measure([&] {
        voro::container box(low[0], high[0], low[1], high[1], low[2], high[2], blocks[0], blocks[1],
                            blocks[2], false, false, false, 8);
        for (size_t i = 0; i < input.size(); i++) box.put(i, input.x(i), input.y(i), input.z(i));
        voro::c_loop_all loop(box);
        voro::voronoicell_neighbor cell;
        std::vector<double> areas;
        std::vector<int> edges, neighbours;
        double sum = 0.0;
        size_t cells = 0, faces = 0;
        if (loop.start()) do {
                if (!box.compute_cell(cell, loop)) continue;
                cell.face_areas(areas);
                cell.face_orders(edges);
                cell.neighbors(neighbours);
                const double own = cell.volume();
                cells++;
                faces += edges.size();
                if (own < SMALL_CELL) sum += own;
            } while (loop.inc());
        if (cells != input.size() || faces < 4 * cells) fail("not every atom has a cell");
        return sum;
    });
}
