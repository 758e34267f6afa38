// Numbers from a seed, the same on every machine and in every version: the standard library's distributions are not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace kawat::newsroom {

// SplitMix64 (Steele, Lea, Flood 2014). A value type; one thread.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  // A generator of its own for one purpose, so that adding a draw in one place changes nothing elsewhere.
  static Random For(std::uint64_t seed, std::string_view purpose, std::uint64_t number);

  std::uint64_t Next();
  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(Next() % limit); }  // limit > 0
  std::int64_t Between(std::int64_t low, std::int64_t high);                                 // both inclusive
  bool Chance(int percent) { return Below(100) < static_cast<std::size_t>(percent); }

  template <class T>
  const T& Pick(const std::vector<T>& items) {
    return items[Below(items.size())];
  }
  template <class T>
  void Shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[Below(i)]);
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace kawat::newsroom
