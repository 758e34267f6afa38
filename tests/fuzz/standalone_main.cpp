// Without libFuzzer: runs the fuzz target over seeded inputs, so that each build proves at least that. Inputs are
// random bytes, half of them from a small alphabet that parsers of text care about; files named on the command line are
// run as they are.
//   fuzz_x [FILE...]
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kRuns = 3000;
constexpr std::string_view kAlphabet = " \n\r\t:/?#*$%&;<>=\"'![]{}()-_.,0123456789abcdefuUsr\xE3\x83\x84";

void Run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    Run(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  std::mt19937 random(20260101);  // NOLINT(cert-msc51-cpp): the same inputs every time
  for (int run = 0; run < kRuns; ++run) {
    std::string input(random() % 512, '\0');
    for (char& c : input) {
      c = run % 2 == 0 ? static_cast<char>(random()) : kAlphabet[random() % kAlphabet.size()];
    }
    Run(input);
  }
  std::printf("%d inputs\n", kRuns + argc - 1);
  return 0;
}
