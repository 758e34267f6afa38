// A search index as a failing disk leaves it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace kawat::store {

// Overwrites the pages of its first half, but for the first ones: schema, roots and small tables, which are read when
// it is opened. The index must be closed.
inline void DamageTheMiddleOf(const std::filesystem::path& index) {
  constexpr std::uintmax_t kWhole = 10 * 4096;
  const std::uintmax_t half = std::filesystem::file_size(index) / 2;
  ASSERT_GT(half, kWhole) << "too few documents: nothing is damaged";
  std::fstream file(index, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(kWhole);
  file << std::string(half - kWhole, '\xFF');
}

}  // namespace kawat::store
