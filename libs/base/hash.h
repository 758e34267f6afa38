// Hashes: SHA-256 for identity (nobody can craft a collision), XXH3 for checksums and partitions.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kawat::base {

// FIPS 180-4; 32 raw bytes.
std::string Sha256(std::string_view bytes);

// The same of bytes that come one after the other.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  void Add(std::string_view bytes);
  std::string Finish();  // 32 raw bytes; nothing may be added after it

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// XXH3, 64 bits, seed 0; stable across machines and versions, so it may be stored.
std::uint64_t XxHash64(std::string_view bytes);

// Lower-case hexadecimal digits, two a byte.
std::string Hex(std::string_view bytes);

}  // namespace kawat::base
