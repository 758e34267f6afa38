#include "services/fetch/http/address_policy.h"

#include <gtest/gtest.h>

#include "tests/support/status.h"

namespace kawat::fetch {
namespace {

TEST(AddressPolicyTest, AllowsPublicAddressesOnly) {
  ASSERT_OK_AND_ASSIGN(const AddressPolicy policy, AddressPolicy::Create({}));
  for (const char* ip : {"93.184.216.34", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"}) {
    EXPECT_TRUE(policy.Allows(std::string_view(ip))) << ip;
  }
  for (const char* ip : {"127.0.0.1",
                         "10.0.0.1",
                         "192.168.1.1",
                         "172.16.0.1",
                         "172.31.255.255",
                         "169.254.169.254",
                         "100.64.0.1",
                         "0.0.0.0",
                         "224.0.0.1",
                         "255.255.255.255",
                         "::1",
                         "::",
                         "::ffff:127.0.0.1",
                         "::ffff:10.0.0.1",
                         "fe80::1",
                         "fd00::1",
                         "2002:7f00:1::",
                         "2001:db8::1",
                         "2001:0:7f00:1::",
                         "64:ff9b::7f00:1",
                         "ff02::1",
                         "::7f00:1",
                         "",
                         "localhost"}) {
    EXPECT_FALSE(policy.Allows(std::string_view(ip))) << ip;
  }
}

TEST(AddressPolicyTest, AllowsTheNetworksThatAreNamed) {
  ASSERT_OK_AND_ASSIGN(const AddressPolicy policy, AddressPolicy::Create({"127.0.0.0/8", "10.1.2.3", "fd00::/9"}));
  for (const char* ip : {"127.0.0.1", "127.255.0.1", "::ffff:127.0.0.1", "10.1.2.3", "fd00::1", "fd7f::1"}) {
    EXPECT_TRUE(policy.Allows(std::string_view(ip))) << ip;
  }
  for (const char* ip : {"10.1.2.4", "::1", "fd80::1", "192.168.0.1"}) {
    EXPECT_FALSE(policy.Allows(std::string_view(ip))) << ip;
  }
}

TEST(AddressPolicyTest, RefusesWhatIsNoNetwork) {
  for (const char* text : {"", "localhost", "127.0.0.1/33", "127.0.0.1/", "::1/129", "127.0.0/8", "1.2.3.4/x"}) {
    EXPECT_EQ(AddressPolicy::Create({text}).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace kawat::fetch
