#include "cli/sizing.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "state/rocksdb/rocksdb_store.h"

namespace kawat::cli {
namespace {

// Measured on a Kafka 4.2 broker with a crawl of 584 real pages of 240 sources, 342 articles of 6.0 KB in the mean;
// bytes are those of the segments, as the producers compress records (lz4).
struct Flow {
  std::string_view topic;
  double records_per_article;
  double bytes_per_record;
};
constexpr std::array kFlows = {
    Flow{bus::kSources, 0, 0},  // 44 bytes a source, however many articles there are: one segment at most
    Flow{bus::kLinks, 7.3, 372},
    Flow{bus::kPages, 2, 26402},  // measured 1.7 an article; the rest for feeds and homepages that change often
    Flow{bus::kParsed, 1, 3765},
    Flow{bus::kArticles, 2.03, 1923},
    Flow{bus::kEngagement, 0, 0},           // nothing writes it yet
    Flow{bus::kDeadLetters, 0.002, 26402},  // assumed: one page in a thousand
};

struct Volume {
  const char* name;
  double bytes_per_article;
  bool sharded;  // a folder for each partition of kawat.articles, else one
};
constexpr std::array kVolumes = {
    Volume{"fetch", 3900, true},   // what the crawl above wrote, before RocksDB compacts it: at most
    Volume{"dedupe", 260, false},  // likewise, with 3,738 observations of 3,000 articles of the newsroom
    Volume{"store", 16800, true},  // 2.8 times the parsed article (both crawls), its index among it
};

// A stage that was away this long reads what it missed from memory.
constexpr absl::Duration kHot = absl::Minutes(10);
constexpr double kSecondsPerDay = 86400;
constexpr int kDaysPerYear = 365;

double Days(absl::Duration duration) { return absl::ToDoubleHours(duration) / 24; }

TopicSize SizeOfTopic(const bus::TopicSpec& spec, const Flow& flow, std::int64_t articles_per_day) {
  TopicSize size{.topic = spec.name, .retention = spec.retention, .replicas = spec.replication};
  const double records = flow.records_per_article * static_cast<double>(articles_per_day);
  const double bytes = records * flow.bytes_per_record;
  // Deleted are whole segments: the one that is written to stays until it is full or old enough.
  const double open = std::min(bytes * Days(spec.segment_age),
                               static_cast<double>(spec.segment_bytes) * static_cast<double>(spec.partitions));
  const bool for_ever = spec.retention == absl::InfiniteDuration();
  const double kept = for_ever ? static_cast<double>(spec.segment_bytes) : bytes * Days(spec.retention) + open;
  size.records_per_day = std::llround(records);
  size.bytes_per_day = static_cast<std::int64_t>(bytes);
  size.bytes = static_cast<std::int64_t>(kept);
  return size;
}

VolumeSize SizeOfVolume(const Volume& volume, std::int64_t folders, std::int64_t articles_per_day) {
  const state::RocksDbOptions options;
  const auto a_folder = static_cast<std::int64_t>(options.block_cache_bytes + 2 * options.write_buffer_bytes);
  const double a_day = volume.bytes_per_article * static_cast<double>(articles_per_day);
  return {.volume = volume.name,
          .bytes_per_article = static_cast<std::int64_t>(volume.bytes_per_article),
          .bytes_per_day = static_cast<std::int64_t>(a_day),
          .bytes_in_a_year = static_cast<std::int64_t>(a_day * kDaysPerYear),
          .cache_bytes_at_most = a_folder * (volume.sharded ? folders : 1)};
}

std::string FormatRetention(absl::Duration retention) {
  return retention == absl::InfiniteDuration() ? "for ever" : absl::StrFormat("%.0f days", Days(retention));
}

}  // namespace

Sizing SizeOf(std::span<const bus::TopicSpec> specs, std::int64_t articles_per_day) {
  Sizing sizing{.articles_per_day = articles_per_day};
  double hot = 0;
  std::int64_t folders = 1;
  for (const bus::TopicSpec& spec : specs) {
    const auto* flow = std::find_if(kFlows.begin(), kFlows.end(), [&](const Flow& f) { return f.topic == spec.name; });
    if (flow == kFlows.end()) {
      continue;
    }
    TopicSize size = SizeOfTopic(spec, *flow, articles_per_day);
    sizing.topic_bytes += size.bytes * size.replicas;
    hot += static_cast<double>(size.bytes_per_day) * size.replicas / kSecondsPerDay * absl::ToDoubleSeconds(kHot);
    folders = spec.name == bus::kArticles ? spec.partitions : folders;
    sizing.topics.push_back(std::move(size));
  }
  sizing.page_cache_bytes = static_cast<std::int64_t>(hot);
  for (const Volume& volume : kVolumes) {
    sizing.volumes.push_back(SizeOfVolume(volume, folders, articles_per_day));
  }
  return sizing;
}

std::string FormatBytes(std::int64_t bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return unit == 0 ? absl::StrCat(bytes, " B") : absl::StrFormat("%.1f %s", value, kUnits[unit]);
}

std::string ToText(const Sizing& sizing) {
  std::string text = absl::StrCat(sizing.articles_per_day, " articles a day take about:\n\n");
  absl::StrAppendFormat(&text, "%-18s %14s %12s %10s %12s %9s %12s\n", "topic", "records/day", "disk/day", "kept",
                        "a replica", "replicas", "in all");
  for (const TopicSize& size : sizing.topics) {
    absl::StrAppendFormat(&text, "%-18s %14d %12s %10s %12s %9d %12s\n", size.topic, size.records_per_day,
                          FormatBytes(size.bytes_per_day), FormatRetention(size.retention), FormatBytes(size.bytes),
                          size.replicas, FormatBytes(size.bytes * size.replicas));
  }
  absl::StrAppendFormat(&text, "%-18s %14s %12s %10s %12s %9s %12s\n\n", "all topics", "", "", "", "", "",
                        FormatBytes(sizing.topic_bytes));
  absl::StrAppendFormat(&text, "%-18s %14s %12s %12s %26s\n", "volume", "an article", "a day", "in a year",
                        "RocksDB's memory, at most");
  for (const VolumeSize& size : sizing.volumes) {
    absl::StrAppendFormat(&text, "%-18s %14s %12s %12s %26s\n", size.volume, FormatBytes(size.bytes_per_article),
                          FormatBytes(size.bytes_per_day), FormatBytes(size.bytes_in_a_year),
                          FormatBytes(size.cache_bytes_at_most));
  }
  absl::StrAppend(&text, "\nPage cache of all brokers together, so that a stage that was away for ",
                  absl::FormatDuration(kHot), " reads from memory: ", FormatBytes(sizing.page_cache_bytes),
                  ", beside each broker's heap.\nVolumes are those of all shards together and are not emptied: they "
                  "grow as long as kawat runs.\nLeave a third of each disk free: compaction and moving replicas need "
                  "room. How the figures were measured: docs/operations.md, Topics.\n");
  return text;
}

}  // namespace kawat::cli
