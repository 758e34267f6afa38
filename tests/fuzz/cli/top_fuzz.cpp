// Any bytes are what an address answers to `kawat top`.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "cli/top_metrics.h"
#include "cli/top_render.h"
#include "cli/top_view.h"

namespace {

// So that short inputs reach the views: labels that they look for, with whatever follows.
constexpr std::string_view kNames =
    "kawat_consumer_lag_records{stage=\"a\",topic=\"b\",partition=\"0\"} 1\n"
    "kawat_stage_seconds_bucket{stage=\"a\",phase=\"apply\",le=\"";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kawat::cli;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string& each : {std::string(text), std::string(kNames) + std::string(text)}) {
    auto samples = ParseMetrics(each);
    if (!samples.ok()) {
      continue;
    }
    KAWAT_CHECK(samples->size() <= kMaxSamples, "more samples than the limit");
    Look look;
    Add(look, "address", absl::UnixEpoch(), *std::move(samples));
    const View view = Compare(look, look);
    KAWAT_CHECK(RenderText(view).find('\x1b') == std::string::npos, "a terminal would obey it");
    KAWAT_CHECK(!RenderJson(view).empty(), "no JSON");
  }
  return 0;
}
