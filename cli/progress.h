// How far a long command has come, on stderr: a bar that is drawn over on a terminal, else a line each 10 s.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace kawat::cli {

class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();  // ends the bar's line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Update(std::int64_t done, std::int64_t all);

 private:
  const std::string what_;
  const bool terminal_;
  const absl::Time begun_;
  absl::Time told_;
  bool drawn_ = false;
};

// "dedupe/0  [########            ]  41,200 of 103,000 records, 20,600/s, 3s left"
std::string ProgressText(std::string_view what, std::int64_t done, std::int64_t all, absl::Duration since, bool bar);

}  // namespace kawat::cli
