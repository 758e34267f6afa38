// Macros for absl::Status and absl::StatusOr, which Debian's absl lacks.
#pragma once

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#define KAWAT_CONCAT_INNER(a, b) a##b
#define KAWAT_CONCAT(a, b) KAWAT_CONCAT_INNER(a, b)

// Returns the status from the calling function unless it is OK.
#define KAWAT_RETURN_IF_ERROR(expression)                               \
  do {                                                                  \
    if (absl::Status kawat_status = (expression); !kawat_status.ok()) { \
      return kawat_status;                                              \
    }                                                                   \
  } while (false)

// KAWAT_ASSIGN_OR_RETURN(auto value, Function());
#define KAWAT_ASSIGN_OR_RETURN(declaration, expression) \
  KAWAT_ASSIGN_OR_RETURN_INNER(KAWAT_CONCAT(kawat_or_, __LINE__), declaration, expression)
#define KAWAT_ASSIGN_OR_RETURN_INNER(holder, declaration, expression) \
  auto holder = (expression);                                         \
  if (!holder.ok()) {                                                 \
    return std::move(holder).status();                                \
  }                                                                   \
  declaration = *std::move(holder)

namespace kawat::base {

// The same code, the message preceded by "context: ". OK stays OK.
inline absl::Status Annotate(const absl::Status& status, std::string_view context) {
  if (status.ok()) {
    return status;
  }
  return {status.code(), absl::StrCat(std::string(context), ": ", status.message())};
}

}  // namespace kawat::base
