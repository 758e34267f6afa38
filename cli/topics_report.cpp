#include "cli/topics_report.h"

#include <algorithm>
#include <iostream>

#include "absl/strings/str_cat.h"

namespace kawat::cli {
namespace {

using Kind = bus::TopicDifference::Kind;

// What apply does about it.
std::string Remedy(Kind kind) {
  switch (kind) {
    case Kind::kMissing:
      return "apply makes it";
    case Kind::kMendable:
      return "apply sets it";
    case Kind::kByHand:
      return "apply cannot change it";
    case Kind::kAccepted:
      return "left as it is";
  }
  return "";
}

std::string NameOf(Kind kind) {
  switch (kind) {
    case Kind::kMissing:
      return "missing";
    case Kind::kMendable:
      return "mendable";
    case Kind::kByHand:
      return "by_hand";
    case Kind::kAccepted:
      return "accepted";
  }
  return "";
}

}  // namespace

boost::json::array ToJson(const TopicsComparison& comparison) {
  boost::json::array all;
  for (const bus::TopicDifference& difference : comparison.differences) {
    all.push_back({{"topic", difference.topic},
                   {"setting", difference.setting},
                   {"is", difference.is},
                   {"should", difference.should},
                   {"kind", NameOf(difference.kind)},
                   {"loses_data", difference.loses_data},
                   {"why", difference.why}});
  }
  return all;
}

boost::json::object ToJson(const Sizing& sizing) {
  boost::json::array topics;
  for (const TopicSize& size : sizing.topics) {
    const bool for_ever = size.retention == absl::InfiniteDuration();
    topics.push_back({{"topic", size.topic},
                      {"records_per_day", size.records_per_day},
                      {"bytes_per_day", size.bytes_per_day},
                      {"retention_seconds", for_ever ? -1 : absl::ToInt64Seconds(size.retention)},
                      {"bytes_a_replica", size.bytes},
                      {"replicas", size.replicas}});
  }
  boost::json::array volumes;
  for (const VolumeSize& size : sizing.volumes) {
    volumes.push_back({{"volume", size.volume},
                       {"bytes_per_article", size.bytes_per_article},
                       {"bytes_per_day", size.bytes_per_day},
                       {"bytes_in_a_year", size.bytes_in_a_year},
                       {"cache_bytes_at_most", size.cache_bytes_at_most}});
  }
  return {{"articles_per_day", sizing.articles_per_day},
          {"topics", std::move(topics)},
          {"topic_bytes", sizing.topic_bytes},
          {"page_cache_bytes", sizing.page_cache_bytes},
          {"volumes", std::move(volumes)}};
}

std::string ToText(const TopicsComparison& comparison) {
  std::string text;
  for (const bus::TopicSpec& spec : comparison.specs) {
    const auto concerns = [&spec](const bus::TopicDifference& difference) { return difference.topic == spec.name; };
    if (std::none_of(comparison.differences.begin(), comparison.differences.end(), concerns)) {
      absl::StrAppend(&text, spec.name, ": right\n");
    }
    for (const bus::TopicDifference& difference : comparison.differences) {
      if (concerns(difference)) {
        absl::StrAppend(&text, spec.name, ": ", bus::Describe(difference), " (", Remedy(difference.kind), ")\n");
      }
    }
  }
  return text;
}

void TopicsReport::Add(const char* what, const std::string& topic, const std::string& sentence) {
  if (json_) {
    lines_.push_back({{"did", what}, {"topic", topic}, {"detail", sentence}});
  } else {
    std::cout << what << " " << topic << ": " << sentence << "\n";
  }
}

void TopicsReport::Finish() const {
  if (json_) {
    std::cout << boost::json::serialize(lines_) << "\n";
  }
}

}  // namespace kawat::cli
