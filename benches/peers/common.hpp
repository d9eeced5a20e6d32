// What the C++ peers share: the input, the clock, the memory.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/resource.h>
#include <vector>

// As in ours.rs and peers.py.
const double SMALL_CELL = 25.0;    // cubic angstrom
const double ALPHA = 4.18;         // angstrom
const double LONG_SECONDS = 10.0;  // a longer repetition is the last

[[noreturn]] inline void fail(const std::string &why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

class Input {
    std::vector<double> numbers;
    int repetitions;

  public:
    Input(int count, char **arguments) {
        if (count != 3) fail("usage: PROGRAM FILE REPETITIONS");
        std::FILE *file = std::fopen(arguments[1], "rb");
        if (!file) fail("the file cannot be opened");
        std::fseek(file, 0, SEEK_END);
        numbers.resize(std::ftell(file) / sizeof(double));
        std::rewind(file);
        if (std::fread(numbers.data(), sizeof(double), numbers.size(), file) != numbers.size())
            fail("the file cannot be read");
        std::fclose(file);
        repetitions = std::atoi(arguments[2]);
    }

    size_t size() const { return numbers.size() / 3; }
    double x(size_t i) const { return numbers[3 * i]; }
    double y(size_t i) const { return numbers[3 * i + 1]; }
    double z(size_t i) const { return numbers[3 * i + 2]; }

    void bounds(double *low, double *high) const {
        for (int k = 0; k < 3; k++) {
            low[k] = high[k] = numbers[k];
            for (size_t i = k; i < numbers.size(); i += 3) {
                low[k] = std::min(low[k], numbers[i]);
                high[k] = std::max(high[k], numbers[i]);
            }
        }
    }

    template <class Task> void measure(Task task) const {
        for (int repetition = 0; repetition < repetitions; repetition++) {
            const auto start = std::chrono::steady_clock::now();
            const double check = task();
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
            rusage used;
            getrusage(RUSAGE_SELF, &used);
            std::printf("%.4f %.0f %.9g\n", took.count(), used.ru_maxrss * 1024 / 1e6, check);
            std::fflush(stdout);
            if (took.count() > LONG_SECONDS) break;
        }
    }
};
