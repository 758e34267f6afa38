#include "services/newsroom/random.h"

#include "base/hash.h"

namespace kawat::newsroom {

Random Random::For(std::uint64_t seed, std::string_view purpose, std::uint64_t number) {
  Random mixed(seed ^ base::XxHash64(purpose));
  Random numbered(mixed.Next() ^ number);  // through Next, so that neighbours' sequences are not one, shifted
  return Random(numbered.Next());
}

std::uint64_t Random::Next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::int64_t Random::Between(std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(Below(static_cast<std::size_t>(high - low) + 1));
}

}  // namespace kawat::newsroom
