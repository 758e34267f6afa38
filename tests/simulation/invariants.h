// What must hold after every run.
#pragma once

#include <string>
#include <vector>

#include "tests/simulation/world.h"

namespace kawat::simulation {

// Nothing is unread, and the newest content of every article is in the store.
bool IsDrained(const World& world);

// A sentence for each that does not hold:
//
//   drained         nothing is unread; every article is in the store as it stands on the web
//   polite          no host is asked twice at a time, or sooner than its delay after the last answer; nothing that
//                   robots.txt forbids is asked
//   one outcome     each page ended in one way, and the frontier knows it; what the frontier says of each URL is true
//   one revision    of each change of content that was observed, in their order
//   in order        what parse makes of a host's pages comes in their order
//   equal to calm   what dedupe told, and every stage's state, are those of a run without faults over the same input
//   dead letters    only of pages that are garbage
std::vector<std::string> Violations(const World& world);

}  // namespace kawat::simulation
