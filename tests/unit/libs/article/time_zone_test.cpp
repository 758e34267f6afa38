#include "article/time_zone.h"

#include <gtest/gtest.h>

#include <string>

namespace kawat::article {
namespace {

TEST(LoadZoneTest, KnowsIanaNames) {
  for (const char* name :
       {"Asia/Jakarta", "America/Argentina/Buenos_Aires", "Etc/GMT-7", "UTC", "America/Port-au-Prince"}) {
    EXPECT_TRUE(LoadZone(name).has_value()) << name;
  }
  EXPECT_EQ(LoadZone("Asia/Jakarta")->At(absl::UnixEpoch()).offset, 7 * 3600);
}

TEST(LoadZoneTest, RefusesWhatIsNoNameOrTheMachinesOwn) {
  for (const std::string& name :
       {std::string(), std::string("localtime"), std::string("libc:localtime"), std::string("../x"),
        std::string("Asia/../Asia/Jakarta"), std::string("/etc/localtime"), std::string("Fixed/UTC+07:00:00"),
        std::string("Asia/Atlantis"), std::string("UTC\0x", 5), std::string(65, 'a')}) {
    EXPECT_FALSE(LoadZone(name).has_value()) << name;
  }
}

}  // namespace
}  // namespace kawat::article
