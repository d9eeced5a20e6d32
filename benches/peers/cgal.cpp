// The Delaunay triangulation and the alpha shape by CGAL, one thread.
//
// cgal TASK FILE REPETITIONS: positions as raw f64; prints "seconds peak_mb check" for each
// repetition. The check is the number of tetrahedra, or the volume of the alpha shape.
#include "common.hpp"
#include <CGAL/Delaunay_triangulation_3.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Fixed_alpha_shape_3.h>
#include <CGAL/Fixed_alpha_shape_cell_base_3.h>
#include <CGAL/Fixed_alpha_shape_vertex_base_3.h>

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point = Kernel::Point_3;
using Delaunay = CGAL::Delaunay_triangulation_3<Kernel>;
using AlphaVertex = CGAL::Fixed_alpha_shape_vertex_base_3<Kernel>;
using AlphaCell = CGAL::Fixed_alpha_shape_cell_base_3<Kernel>;
using AlphaData = CGAL::Triangulation_data_structure_3<AlphaVertex, AlphaCell>;
using AlphaDelaunay = CGAL::Delaunay_triangulation_3<Kernel, AlphaData>;
using AlphaShape = CGAL::Fixed_alpha_shape_3<AlphaDelaunay>;

int main(int count, char **arguments) {
    if (count != 4) fail("usage: cgal TASK FILE REPETITIONS");
    const std::string task = arguments[1];
    const Input input(count - 1, arguments + 1);
    std::vector<Point> points;
    for (size_t i = 0; i < input.size(); i++)
        points.emplace_back(input.x(i), input.y(i), input.z(i));
    if (task == "delaunay") {
        input.measure([&] {
            const Delaunay found(points.begin(), points.end());
            return double(found.number_of_finite_cells());
        });
    } else if (task == "alpha_shape") {
        input.measure([&] {
            AlphaDelaunay found(points.begin(), points.end());
            const AlphaShape shape(found, ALPHA * ALPHA);
            double volume = 0.0;
            for (auto cell = shape.finite_cells_begin(); cell != shape.finite_cells_end(); ++cell)
                if (shape.classify(cell) == AlphaShape::INTERIOR)
                    volume += shape.tetrahedron(cell).volume();
            return volume;
        });
    } else {
        fail("there is no such task");
    }
}
