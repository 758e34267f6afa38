#include "cli/top_render.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/terminal.h"

namespace kawat::cli {
namespace {

constexpr std::size_t kMostSources = 10;

std::string Number(double value) {
  if (!std::isfinite(value)) {
    return "-";
  }
  return value >= 1e9                                ? absl::StrFormat("%.3g", value)
         : value >= 100                              ? absl::StrFormat("%.0f", value)
         : value >= 10 || value == std::floor(value) ? absl::StrFormat("%.1f", value)
                                                     : absl::StrFormat("%.2f", value);
}

// "850us", "12ms", "1.5s", "4m10s", "3h05m", "2d04h"
std::string Seconds(double seconds) {
  if (seconds < 0.001) {
    return absl::StrFormat("%.0fus", seconds * 1e6);
  }
  if (seconds < 1) {
    return absl::StrFormat("%.0fms", seconds * 1e3);
  }
  if (seconds < 60) {
    return absl::StrFormat("%.1fs", seconds);
  }
  const auto whole = static_cast<std::int64_t>(std::min(seconds, 1e9));
  if (whole < 3600) {
    return absl::StrFormat("%dm%02ds", whole / 60, whole % 60);
  }
  return whole < 86400 ? absl::StrFormat("%dh%02dm", whole / 3600, whole % 3600 / 60)
                       : absl::StrFormat("%dd%02dh", whole / 86400, whole % 86400 / 3600);
}

std::string Seconds(const std::optional<double>& seconds) { return seconds.has_value() ? Seconds(*seconds) : "-"; }

std::string Bytes(double bytes) {
  return bytes >= 1e9 ? absl::StrFormat("%.1fG", bytes / 1e9) : absl::StrFormat("%.0fM", bytes / 1e6);
}

std::string Head(const View& view) {
  std::string text =
      absl::StrFormat("kawat  %s  rates over %.1fs\n",
                      absl::FormatTime("%Y-%m-%d %H:%M:%S", view.when, absl::UTCTimeZone()), view.seconds);
  for (const ProcessView& process : view.processes) {
    absl::StrAppend(&text, "  ", process.stages.empty() ? "portal" : absl::StrJoin(process.stages, "+"), " at ",
                    absl::StrJoin(process.addresses, " "), "  cpu ", Number(process.cpus), "  rss ",
                    Bytes(process.resident_bytes), "  files ", absl::StrFormat("%.0f", process.open_files));
    if (process.disk_size_bytes > 0) {
      absl::StrAppend(&text, "  disk free ", Bytes(process.disk_free_bytes), " (",
                      absl::StrFormat("%.0f%%", 100 * process.disk_free_bytes / process.disk_size_bytes), ")");
    }
    text += '\n';
  }
  for (const auto& [address, why] : view.silent) {
    absl::StrAppend(&text, "  ", address, "  DOES NOT ANSWER: ", why, "\n");
  }
  return text;
}

std::string Topics(const View& view) {
  std::string text = absl::StrFormat("\n%-18s %9s %8s %9s %8s   %-7s %9s %9s %9s %11s\n", "TOPIC", "in/s", "MB/s",
                                     "out/s", "MB/s", "READER", "lag", "seconds", "trend/s", "drained in");
  for (const auto& [name, topic] : view.topics) {
    std::string line = absl::StrFormat("%-18s %9s %8.2f %9s %8.2f", name, Number(topic.in.records.per_second),
                                       topic.in.bytes.per_second / 1e6, Number(topic.out.records.per_second),
                                       topic.out.bytes.per_second / 1e6);
    for (const auto& [stage, reader] : topic.readers) {
      absl::StrAppend(&text, line,
                      absl::StrFormat("   %-7s %9.0f %9s %+9.1f %11s\n", stage, reader.lag_records,
                                      reader.lag_records > 0 ? Seconds(reader.lag_seconds) : "-", reader.trend,
                                      reader.lag_records == 0         ? "-"
                                      : reader.drained_in.has_value() ? Seconds(*reader.drained_in)
                                                                      : "never"));
      line = std::string(56, ' ');
    }
    if (topic.readers.empty()) {
      absl::StrAppend(&text, line, "\n");
    }
  }
  return text;
}

std::string Stages(const View& view) {
  const std::vector<std::string> phases = {"queue", "apply", "send", "commit"};
  std::string text = absl::StrFormat("\n%-8s %-15s %-15s %-15s %-15s %s\n", "STAGE", "queue p50/p99", "apply", "send",
                                     "commit", "last batch");
  for (const auto& [name, stage] : view.stages) {
    absl::StrAppend(&text, absl::StrFormat("%-8s", name));
    for (const std::string& phase : phases) {
      const auto found = stage.phases.find(phase);
      const Quantiles quantiles = found == stage.phases.end() ? Quantiles() : found->second;
      absl::StrAppend(&text,
                      absl::StrFormat(" %-15s", absl::StrCat(Seconds(quantiles.p50), "/", Seconds(quantiles.p99))));
    }
    absl::StrAppend(&text, " ", stage.idle_s.has_value() ? absl::StrCat(Seconds(*stage.idle_s), " ago") : "none", "\n");
  }
  absl::StrAppend(&text, "observed to searchable p50/p99: ", Seconds(view.end_to_end.p50), "/",
                  Seconds(view.end_to_end.p99), "\n");
  return text;
}

std::string Outcomes(const View& view) {
  std::string text = absl::StrFormat("\n%-26s %10s %8s\n", "OUTCOME", "total", "a second");
  for (const auto& [outcome, rate] : view.outcomes) {
    absl::StrAppend(&text, absl::StrFormat("%-26s %10.0f %8s\n", outcome, rate.total, Number(rate.per_second)));
  }
  std::string letters;
  for (const auto& [key, rate] : view.dead_letters) {
    if (rate.total > 0) {
      absl::StrAppend(&letters, absl::StrFormat("%-26s %10.0f %8s\n", absl::StrCat(key.first, " ", key.second),
                                                rate.total, Number(rate.per_second)));
    }
  }
  absl::StrAppend(&text, "\nDEAD LETTERS", letters.empty() ? "               none\n" : "\n", letters);
  return text;
}

// Those that fail most come first.
std::string Sources(const View& view) {
  std::vector<std::pair<std::string, SourceView>> sources(view.sources.begin(), view.sources.end());
  const auto share = [](const SourceView& source) {
    const double all = source.failed.total + source.good.total;
    return all > 0 ? source.failed.total / all : 0;
  };
  std::stable_sort(sources.begin(), sources.end(),
                   [&](const auto& left, const auto& right) { return share(left.second) > share(right.second); });
  std::string text =
      absl::StrFormat("\n%-26s %10s %8s %8s   %s\n", "SOURCE", "URLs good", "failed", "a second", "newest article");
  for (std::size_t i = 0; i < std::min(sources.size(), kMostSources); ++i) {
    const auto& [name, source] = sources[i];
    absl::StrAppend(
        &text,
        absl::StrFormat(
            "%-26s %10.0f %8.0f %8s   %s\n", name, source.good.total, source.failed.total,
            Number(source.good.per_second + source.failed.per_second),
            source.newest_article_s.has_value() ? absl::StrCat(Seconds(*source.newest_article_s), " ago") : "-"));
  }
  if (sources.size() > kMostSources) {
    absl::StrAppend(&text, "and ", sources.size() - kMostSources, " more\n");
  }
  return sources.empty() ? "" : text;
}

}  // namespace

std::string RenderText(const View& view) {
  return ForTerminal(absl::StrCat(Head(view), Topics(view), Stages(view), Outcomes(view), Sources(view)));
}

std::string Clip(const std::string& text, std::size_t rows, std::size_t columns) {
  std::string clipped;
  std::size_t row = 0;
  for (std::size_t at = 0; at < text.size() && row < rows; ++row) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::size_t column = 0;
    for (; at < end; ++at) {
      const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;  // a character
      column += begins ? 1 : 0;
      if (column <= columns) {
        clipped += text[at];
      }
    }
    at = end + 1;
    clipped += row + 1 < rows ? "\n" : "";
  }
  return clipped;
}

}  // namespace kawat::cli
