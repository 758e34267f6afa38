// The portal's pages as HTML: "Cari Berita". Pure functions of what they show; all text from outside is escaped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/portal/store_client.h"

namespace kawat::portal {

// The search box and a list: the newest articles when `query` is empty, else what was found.
std::string SearchPage(std::string_view query, const Results& results, absl::Time now);

// One article with its credit line; `copies` are its cluster's other members.
std::string ArticlePage(const Item& article, const std::vector<Item>& copies, absl::Time now);

// `problem`: what went wrong and what to do. `query` stays in the search box.
std::string ProblemPage(std::string_view query, std::string_view problem);

}  // namespace kawat::portal
