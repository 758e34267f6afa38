// Without libFuzzer: runs the fuzz target over seeded inputs, so that each build proves at least that. A third are
// random bytes, a third drawn from a small alphabet that parsers of text care about, a third mutations of the target's
// own examples (seeds.h), when it has some. Ends after all runs or a few seconds, whichever is first. Files named on
// the command line are run as they are.
//   fuzz_x [FILE...]
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "tests/fuzz/seeds.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kRuns = 6000;
constexpr std::chrono::seconds kPatience(8);
constexpr std::string_view kAlphabet = " \n\r\t:/?#*$%&;<>=\"'![]{}()-_.,0123456789abcdefuUsr\xE3\x83\x84";

void Run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

class Inputs {
 public:
  explicit Inputs(std::span<const std::string_view> seeds) : seeds_(seeds) {}

  std::string Next(int run) {
    if (run % 3 == 2 && !seeds_.empty()) {
      return Mutated();
    }
    std::string input(Below(512), '\0');
    for (char& c : input) {
      c = run % 3 == 0 ? static_cast<char>(random_()) : kAlphabet[Below(kAlphabet.size())];
    }
    return input;
  }

 private:
  std::size_t Below(std::size_t limit) { return random_() % std::max<std::size_t>(limit, 1); }

  std::string Mutated() {
    std::string input(seeds_[Below(seeds_.size())]);
    for (std::size_t change = Below(6); change > 0; --change) {
      const std::size_t at = Below(input.size() + 1);
      const std::size_t length = std::min(Below(24), input.size() - at);
      switch (random_() % 5) {
        case 0:
          input.insert(at, 1, static_cast<char>(random_()));
          break;
        case 1:
          input.erase(at, length);
          break;
        case 2:
          input.insert(Below(input.size() + 1), input.substr(at, length));
          break;
        case 3:
          input.insert(at, 1, kAlphabet[Below(kAlphabet.size())]);
          break;
        default: {
          const std::string_view other = seeds_[Below(seeds_.size())];
          input.replace(at, length, other.substr(Below(other.size()), 64));
        }
      }
    }
    return input;
  }

  std::span<const std::string_view> seeds_;
  std::mt19937 random_{20260101};  // NOLINT(cert-msc51-cpp): the same inputs every time
};

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    Run(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  const std::span<const std::string_view> seeds =
      FuzzSeeds != nullptr ? FuzzSeeds() : std::span<const std::string_view>();
  for (const std::string_view seed : seeds) {
    Run(std::string(seed));
  }
  Inputs inputs(seeds);
  const auto start = std::chrono::steady_clock::now();
  int run = 0;
  while (run < kRuns && std::chrono::steady_clock::now() - start < kPatience) {
    Run(inputs.Next(run++));
  }
  std::printf("%d inputs\n", run);
  return 0;
}
