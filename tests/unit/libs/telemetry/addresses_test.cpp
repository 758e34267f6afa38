#include "telemetry/addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::telemetry {
namespace {

TEST(AddressesTest, KeepsWhatOtherServicesWrote) {
  const support::TempFolder folder;
  const Addresses addresses(folder.path());
  ASSERT_OK(addresses.Set("store", {{"grpc", "127.0.0.1:1"}, {"metrics", "127.0.0.1:2"}}));
  ASSERT_OK(addresses.Set("fetch", {{"grpc", "127.0.0.1:3"}}));
  ASSERT_OK(addresses.Set("store", {{"grpc", "127.0.0.1:4"}}));
  ASSERT_OK_AND_ASSIGN(const AddressBook book, ReadAddresses(folder.path()));
  EXPECT_EQ(book, (AddressBook{{"store", {{"grpc", "127.0.0.1:4"}}}, {"fetch", {{"grpc", "127.0.0.1:3"}}}}));
}

TEST(AddressesTest, WritersAtTheSameTimeLoseNothing) {
  const support::TempFolder folder;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      EXPECT_OK(Addresses(folder.path()).Set("service" + std::to_string(i), {{"grpc", "a:1"}}));
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  ASSERT_OK_AND_ASSIGN(const AddressBook book, ReadAddresses(folder.path()));
  EXPECT_EQ(book.size(), 8u);
}

TEST(AddressesTest, ClearRemovesTheFile) {
  const support::TempFolder folder;
  ASSERT_OK(Addresses(folder.path()).Set("store", {}));
  ASSERT_OK(Addresses(folder.path()).Clear());
  EXPECT_EQ(ReadAddresses(folder.path()).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace kawat::telemetry
