#include <boost/json.hpp>
#include <cmath>
#include <cstdint>

#include "absl/time/time.h"
#include "cli/top_render.h"

namespace kawat::cli {
namespace {

namespace json = boost::json;

// JSON has no infinity and no NaN.
json::value Known(double value) {
  if (!std::isfinite(value)) {
    return nullptr;
  }
  constexpr double kExact = 9007199254740992.0;  // 2^53: beyond it not every whole number is a double
  return value == std::floor(value) && std::abs(value) < kExact ? json::value(static_cast<std::int64_t>(value))
                                                                : json::value(value);
}
json::value Known(const std::optional<double>& value) {
  return value.has_value() ? Known(*value) : json::value(nullptr);
}

json::object ToJson(const Rate& rate) { return {{"total", Known(rate.total)}, {"per_second", Known(rate.per_second)}}; }

json::object ToJson(const Traffic& traffic) {
  return {{"records", ToJson(traffic.records)}, {"bytes", ToJson(traffic.bytes)}};
}

json::object ToJson(const Quantiles& quantiles) {
  return {{"p50", Known(quantiles.p50)}, {"p99", Known(quantiles.p99)}};
}

json::array Processes(const View& view) {
  json::array all;
  for (const ProcessView& process : view.processes) {
    all.push_back(json::object{{"stages", json::array(process.stages.begin(), process.stages.end())},
                               {"addresses", json::array(process.addresses.begin(), process.addresses.end())},
                               {"cpus", Known(process.cpus)},
                               {"resident_bytes", Known(process.resident_bytes)},
                               {"open_files", Known(process.open_files)},
                               {"disk_free_bytes", Known(process.disk_free_bytes)},
                               {"disk_size_bytes", Known(process.disk_size_bytes)}});
  }
  return all;
}

json::array Topics(const View& view) {
  json::array all;
  for (const auto& [name, topic] : view.topics) {
    json::array readers;
    for (const auto& [stage, reader] : topic.readers) {
      readers.push_back(json::object{{"stage", stage},
                                     {"lag_records", Known(reader.lag_records)},
                                     {"lag_seconds", Known(reader.lag_seconds)},
                                     {"trend_records_per_second", Known(reader.trend)},
                                     {"drained_in_seconds", Known(reader.drained_in)}});
    }
    all.push_back(json::object{
        {"topic", name}, {"in", ToJson(topic.in)}, {"out", ToJson(topic.out)}, {"readers", std::move(readers)}});
  }
  return all;
}

json::array Stages(const View& view) {
  json::array all;
  for (const auto& [name, stage] : view.stages) {
    json::object phases;
    for (const auto& [phase, quantiles] : stage.phases) {
      phases[phase] = ToJson(quantiles);
    }
    all.push_back(
        json::object{{"stage", name}, {"last_batch_seconds", Known(stage.idle_s)}, {"phases", std::move(phases)}});
  }
  return all;
}

json::array DeadLetters(const View& view) {
  json::array all;
  for (const auto& [key, rate] : view.dead_letters) {
    json::object letter = ToJson(rate);
    letter["stage"] = key.first;
    letter["reason"] = key.second;
    all.push_back(std::move(letter));
  }
  return all;
}

json::array Sources(const View& view) {
  json::array all;
  for (const auto& [name, source] : view.sources) {
    all.push_back(json::object{{"source", name},
                               {"good", ToJson(source.good)},
                               {"failed", ToJson(source.failed)},
                               {"newest_article_seconds", Known(source.newest_article_s)}});
  }
  return all;
}

}  // namespace

std::string RenderJson(const View& view) {
  json::array silent;
  for (const auto& [address, why] : view.silent) {
    silent.push_back(json::object{{"address", address}, {"error", why}});
  }
  json::object outcomes;
  for (const auto& [outcome, rate] : view.outcomes) {
    outcomes[outcome] = ToJson(rate);
  }
  return json::serialize(json::object{
      {"time", absl::FormatTime(absl::RFC3339_full, view.when, absl::UTCTimeZone())},
      {"interval_seconds", Known(view.seconds)},
      {"processes", Processes(view)},
      {"silent", std::move(silent)},
      {"topics", Topics(view)},
      {"stages", Stages(view)},
      {"end_to_end_seconds", ToJson(view.end_to_end)},
      {"outcomes", std::move(outcomes)},
      {"dead_letters", DeadLetters(view)},
      {"sources", Sources(view)},
  });
}

}  // namespace kawat::cli
