#include "web/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status.h"

namespace kawat::web {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

TEST(AddressTest, ReadsHostAndPort) {
  EXPECT_EQ(*ParseAddress("127.0.0.1:8080"), std::pair(std::string("127.0.0.1"), std::uint16_t{8080}));
  EXPECT_EQ(*ParseAddress("[::1]:0"), std::pair(std::string("::1"), std::uint16_t{0}));
  EXPECT_EQ(*ParseAddress(":65535"), std::pair(std::string(), std::uint16_t{65535}));
}

TEST(AddressTest, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "localhost", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:+1", "::1:80", "[]:1",
                           "[::1:80", "a:1x"}) {
    EXPECT_EQ(ParseAddress(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(AddressTest, AWrongOneInAConfigurationIsNamedWithItsPlace) {
  ASSERT_OK_AND_ASSIGN(const base::Toml toml, base::Toml::Parse("[store]\ngrpc = \"7700\"", "kawat.toml"));
  const absl::Status status = CheckAddress(toml.At("store"), "grpc", "7700");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), StartsWith("kawat.toml:2"));
  EXPECT_OK(CheckAddress(toml.At("store"), "grpc", "127.0.0.1:7700"));
}

TEST(ResolveAllTest, AnAddressStaysAsItIs) {
  for (const char* address : {"127.0.0.1:9470", "[::1]:9470", ":9470"}) {
    ASSERT_OK_AND_ASSIGN(const std::vector<std::string> all, ResolveAll(address));
    EXPECT_THAT(all, ElementsAre(address));
  }
}

TEST(ResolveAllTest, ANameThatNobodyHasIsUnavailable) {
  EXPECT_EQ(ResolveAll("no-such-name.invalid:1").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ResolveAll("no address").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace kawat::web
