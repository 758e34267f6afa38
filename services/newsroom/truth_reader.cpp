#include <boost/json.hpp>

#include "absl/strings/str_cat.h"
#include "services/newsroom/compare.h"

namespace kawat::newsroom {
namespace {

namespace json = boost::json;

// Boost.JSON throws on a missing key or another type; ReadTruth turns that into a status.
std::string Text(const json::value& object, std::string_view key) { return std::string(object.at(key).as_string()); }
std::int64_t Number(const json::value& object, std::string_view key) {
  return object.at(key).to_number<std::int64_t>();
}

TrueArticle ArticleOf(const json::value& object) {
  TrueArticle article;
  article.url = Text(object, "url");
  article.source_id = Text(object, "source_id");
  article.title = Text(object, "title");
  article.body = Text(object, "body");
  for (const json::value& author : object.at("authors").as_array()) {
    article.authors.emplace_back(author.as_string());
  }
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, Text(object, "published"), &article.published, &error)) {
    throw std::invalid_argument(error);
  }
  article.language = Text(object, "language");
  article.agency = Text(object, "agency");
  article.credit = Text(object, "credit");
  article.cluster = Number(object, "cluster");
  article.revisions_served = Number(object, "revisions_served");
  return article;
}

Truth TruthOf(const json::value& root) {
  Truth truth;
  truth.pages = Text(root, "mode") == "pages";
  truth.delay_ms = root.at("delay_ms").to_number<double>();
  const json::value& progress = root.at("progress");
  truth.announced = Number(progress, "announced");
  truth.unpublished = Number(progress, "unpublished");
  truth.revisions_served = Number(progress, "revisions_served");
  truth.revisions_pending = Number(progress, "revisions_pending");
  truth.revisions_unserved = Number(progress, "revisions_unserved");
  truth.requests = Number(progress, "requests");
  for (const json::value& article : root.at("articles").as_array()) {
    truth.articles.push_back(ArticleOf(article));
  }
  for (const json::value& url : root.at("urls").as_array()) {
    truth.urls.push_back({Text(url, "url"), Text(url, "outcome"), Text(url, "reason"), Text(url, "moved_to"),
                          url.at("not_modified").as_bool()});
  }
  const json::value& asked = root.at("asked");
  for (const json::value& host : asked.at("hosts").as_array()) {
    const json::value* gap = host.as_object().if_contains("fastest_gap_ms");
    truth.hosts.push_back({Text(host, "host"), Number(host, "requests"), Number(host, "too_fast"),
                           Number(host, "at_once"), gap == nullptr ? 0 : gap->to_number<double>()});
  }
  for (const json::value& url : asked.at("forbidden").as_array()) {
    truth.forbidden_asked[Text(url, "url")] = Number(url, "requests");
  }
  return truth;
}

}  // namespace

absl::StatusOr<Truth> ReadTruth(const std::string& text) {
  try {
    return TruthOf(json::parse(text));
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("not the truth of a newsroom: ", error.what()));
  }
}

}  // namespace kawat::newsroom
