#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace kawat::cli {
namespace {

constexpr absl::Duration kRedraw = absl::Milliseconds(100);
constexpr absl::Duration kLineEvery = absl::Seconds(10);
constexpr std::int64_t kBarWidth = 20;

}  // namespace

Progress::Progress(std::string what)
    : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) == 1), begun_(absl::Now()), told_(begun_) {}

Progress::~Progress() {
  if (drawn_ && terminal_) {
    std::fputc('\n', stderr);
  }
}

void Progress::Update(std::int64_t done, std::int64_t all) {
  const absl::Time now = absl::Now();
  if (now - told_ < (terminal_ ? kRedraw : kLineEvery)) {
    return;
  }
  told_ = now;
  drawn_ = true;
  const std::string text = ProgressText(what_, done, all, now - begun_, terminal_);
  std::fprintf(stderr, terminal_ ? "\r%s\033[K" : "%s\n", text.c_str());
}

std::string ProgressText(std::string_view what, std::int64_t done, std::int64_t all, absl::Duration since, bool bar) {
  const double seconds = std::max(absl::ToDoubleSeconds(since), 0.001);
  const auto rate = static_cast<std::int64_t>(static_cast<double>(done) / seconds);
  std::string text = absl::StrCat(std::string(what), "  ");
  if (bar) {
    const std::int64_t filled = all > 0 ? std::min(done * kBarWidth / all, kBarWidth) : kBarWidth;
    absl::StrAppend(&text, "[", std::string(static_cast<std::size_t>(filled), '#'),
                    std::string(static_cast<std::size_t>(kBarWidth - filled), ' '), "]  ");
  }
  absl::StrAppend(&text, done, " of ", all, " records, ", rate, "/s");
  if (rate > 0 && all > done) {
    absl::StrAppend(&text, ", ", (all - done + rate - 1) / rate, " s left");
  }
  return text;
}

}  // namespace kawat::cli
