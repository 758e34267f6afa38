// Makes a synthetic news web from a seed: 20 outlets in three languages and a few bad neighbours.
#pragma once

#include <cstdint>

#include "absl/time/time.h"
#include "services/newsroom/world.h"

namespace kawat::newsroom {

struct Plan {
  std::uint64_t seed = 1;
  int articles = 100;
  double rate_per_second = 0;  // 0: all at once
  absl::Time start;  // published times are relative to it: to its day, or with a rate to the moment of publication
};

// The same plan gives the same world.
World MakeWorld(const Plan& plan);

// Adds hosts that answer 500, too slowly, garbage and dead links; part of MakeWorld.
void AddNeighbours(std::uint64_t seed, World& world);

}  // namespace kawat::newsroom
