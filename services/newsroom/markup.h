// Pages and feeds as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/newsroom/world.h"

namespace kawat::newsroom {

// For text and attribute values, in HTML and XML.
std::string Escape(std::string_view text);

struct ArticlePage {
  const Outlet& outlet;
  const Article& article;
  const Content& content;
  absl::Time modified;
  std::vector<Entry> related;
};

// In the outlet's own structure (Style).
std::string RenderArticle(const ArticlePage& page);

// A front page or a section: headlines, the outlet's sections, and a network of other outlets. An empty heading: the
// front page.
std::string RenderIndex(const Outlet& outlet, std::string_view heading, const std::vector<Entry>& headlines,
                        const std::vector<Entry>& network);

struct FeedEntry {
  Entry link;
  std::string summary;
  std::vector<std::string> authors;
  absl::Time published;
  absl::Time modified;
  bool has_times = true;
};

std::string RenderFeed(const Outlet& outlet, const std::vector<FeedEntry>& entries, absl::Time changed);
std::string_view FeedContentType(const Outlet& outlet);

}  // namespace kawat::newsroom
