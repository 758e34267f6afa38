// Hashes: SHA-256 for identity (nobody can craft a collision), XXH3 for checksums and partitions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kawat::base {

// FIPS 180-4; 32 raw bytes.
std::string Sha256(std::string_view bytes);

// XXH3, 64 bits, seed 0; stable across machines and versions, so it may be stored.
std::uint64_t XxHash64(std::string_view bytes);

// Lower-case hexadecimal digits, two a byte.
std::string Hex(std::string_view bytes);

}  // namespace kawat::base
