// ASSERT_OK and EXPECT_OK for absl::Status and absl::StatusOr.
#pragma once

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kawat::support {

inline absl::Status ToStatus(const absl::Status& status) { return status; }
template <class T>
absl::Status ToStatus(const absl::StatusOr<T>& result) {
  return result.status();
}

inline ::testing::AssertionResult IsOk(const absl::Status& status) {
  if (status.ok()) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure() << status.ToString();
}

}  // namespace kawat::support

#define ASSERT_OK(expression) ASSERT_TRUE(::kawat::support::IsOk(::kawat::support::ToStatus(expression)))
#define EXPECT_OK(expression) EXPECT_TRUE(::kawat::support::IsOk(::kawat::support::ToStatus(expression)))

// ASSERT_OK_AND_ASSIGN(auto value, Function());
#define KAWAT_TEST_CONCAT_INNER(a, b) a##b
#define KAWAT_TEST_CONCAT(a, b) KAWAT_TEST_CONCAT_INNER(a, b)
#define ASSERT_OK_AND_ASSIGN(declaration, expression) \
  ASSERT_OK_AND_ASSIGN_INNER(KAWAT_TEST_CONCAT(kawat_result_, __LINE__), declaration, expression)
#define ASSERT_OK_AND_ASSIGN_INNER(holder, declaration, expression) \
  auto holder = (expression);                                       \
  ASSERT_OK(holder);                                                \
  declaration = *std::move(holder)
