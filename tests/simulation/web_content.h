// What the simulated web's pages consist of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/simulation/web.h"

namespace kawat::simulation {

std::vector<Host> MakeHosts(std::uint64_t seed, Web::Size size, absl::Time begin, absl::Duration delay);

std::string PageOf(const Article& article, const Revision& revision);

// Atom, with the articles that stand there at `now`.
std::string FeedOf(const Host& host, absl::Time now);

// The newest revision at `now`; null: not published yet.
const Revision* At(const Article& article, absl::Time now);

}  // namespace kawat::simulation
