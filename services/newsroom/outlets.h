// The outlets of the synthetic web, before they have articles.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/newsroom/world.h"

namespace kawat::newsroom {

inline constexpr int kOutlets = 20;

std::vector<Outlet> MakeOutlets(std::uint64_t seed);

// "/section/business"; a language without Latin letters has "/section/s2".
std::string SectionPath(const Outlet& outlet, int section);

// A path of the outlet's own form, unique by `number`.
std::string ArticlePath(const Outlet& outlet, int section, int number, const std::string& title);

// robots.txt of the `index`th outlet, and what it forbids.
std::string RobotsText(int index);
std::vector<std::string> ForbiddenPaths(int index);

}  // namespace kawat::newsroom
