// What a site answers at /truth; truth_reader.cpp reads it.
#include <boost/json.hpp>

#include "services/newsroom/site.h"

namespace kawat::newsroom {
namespace {

namespace json = boost::json;

json::array Strings(const std::vector<std::string>& items) {
  json::array out;
  for (const std::string& item : items) {
    out.emplace_back(item);
  }
  return out;
}

json::object OutcomeOf(Outcome outcome) {
  return {{"outcome", std::string(KindName(outcome))}, {"reason", std::string(ReasonName(outcome))}};
}

json::object HostTruth(const std::string& host, const HostLog& log) {
  json::object out = {{"host", host}, {"requests", log.requests}, {"too_fast", log.too_fast}, {"at_once", log.at_once}};
  if (log.fastest_gap.has_value()) {
    out["fastest_gap_ms"] = absl::ToDoubleMilliseconds(*log.fastest_gap);
  }
  return out;
}

}  // namespace

std::string Site::TruthJson() {
  const absl::MutexLock lock(&mutex_);
  const absl::Time now = clock_.Now();
  const Counts counts = CountsAt(now);
  json::array articles;
  for (std::size_t i = 0; i < world_.articles.size(); ++i) {
    const Article& article = world_.articles[i];
    if (!Published(article, now)) {
      continue;
    }
    const Served& served = articles_[i].served;
    const Content& content = article.revisions[served.newest < 0 ? 0 : served.newest];
    const Outlet& outlet = world_.outlets[article.outlet];
    articles.push_back(json::object{{"url", article.url},
                                    {"source_id", outlet.id},
                                    {"title", content.title},
                                    {"body", content.Body()},
                                    {"authors", Strings(article.authors)},
                                    {"published", WriteRfc3339(article.published)},
                                    {"language", outlet.language},
                                    {"agency", article.agency},
                                    {"credit", article.credit},
                                    {"cluster", article.cluster},
                                    {"revisions_served", served.revisions},
                                    {"revisions_online", articles_[i].online + 1},
                                    {"revisions_planned", article.revisions.size()}});
  }
  json::array urls;
  json::array forbidden;
  json::array forbidden_asked;
  for (std::size_t i = 0; i < world_.resources.size(); ++i) {
    const Resource& resource = world_.resources[i];
    if (resource.forbidden) {
      forbidden.emplace_back(resource.url);
      if (resources_[i].requests > 0) {
        forbidden_asked.push_back(json::object{{"url", resource.url}, {"requests", resources_[i].requests}});
      }
    }
    if (!resource.announced || !Online(resource, now)) {
      continue;
    }
    json::object url = OutcomeOf(resource.outcome);
    url["url"] = resource.url;
    url["moved_to"] = resource.moved_to;
    url["requests"] = resources_[i].requests;
    url["not_modified"] = resources_[i].not_modified;  // was answered 304 as well: then NOT_MODIFIED is right too
    urls.push_back(std::move(url));
  }
  json::array hosts;
  for (const auto& [host, log] : log_.hosts()) {
    hosts.push_back(HostTruth(host, log));
  }
  json::array unknown;
  for (const auto& [url, requests] : unknown_) {
    unknown.push_back(json::object{{"url", url}, {"requests", requests}});
  }
  const json::object truth = {
      {"mode", world_.pages ? "pages" : "web"},
      {"seed", options_.seed},
      {"delay_ms", absl::ToDoubleMilliseconds(options_.delay)},
      {"progress",
       {{"announced", counts.announced},
        {"published", counts.published},
        {"unpublished", counts.announced - counts.published},
        {"served", counts.served},
        {"revisions_served", counts.revisions_served},
        {"revisions_pending", counts.revisions_pending},
        {"revisions_unserved", counts.revisions_unserved},
        {"requests", counts.requests}}},
      {"articles", std::move(articles)},
      {"urls", std::move(urls)},
      {"forbidden", std::move(forbidden)},
      {"asked",
       {{"hosts", std::move(hosts)}, {"forbidden", std::move(forbidden_asked)}, {"unknown", std::move(unknown)}}},
  };
  return json::serialize(truth);
}

}  // namespace kawat::newsroom
