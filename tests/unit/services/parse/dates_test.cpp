#include "services/parse/dates.h"

#include <gtest/gtest.h>

#include <string>

namespace kawat::parse {
namespace {

const absl::TimeZone kJakarta = absl::FixedTimeZone(7 * 3600);

std::string Utc(std::string_view text) {
  const std::optional<ParsedTime> parsed = ParseTime(text, kJakarta);
  return parsed ? absl::FormatTime(absl::RFC3339_full, parsed->time, absl::UTCTimeZone()) +
                      (parsed->zone_assumed ? " assumed" : "")
                : "none";
}

TEST(DatesTest, ReadsRfc822And1123) {
  EXPECT_EQ(Utc("Fri, 03 May 2024 15:47:42 +0900"), "2024-05-03T06:47:42+00:00");
  EXPECT_EQ(Utc("Fri, 3 May 2024 15:47:42 GMT"), "2024-05-03T15:47:42+00:00");
  EXPECT_EQ(Utc("3 May 24 15:47 EST"), "2024-05-03T20:47:00+00:00");
  EXPECT_EQ(Utc("Fri, 3 May 99 15:47 UT"), "1999-05-03T15:47:00+00:00");
  EXPECT_EQ(Utc("Friday, 03-May-24 15:47:42 Z"), "2024-05-03T15:47:42+00:00");
  EXPECT_EQ(Utc("Thu, 5 Sept 2024 01:02:03 +07:00 (WIB)"), "2024-09-04T18:02:03+00:00");
  EXPECT_EQ(Utc("  fri,03 may 2024   15:47:42   gmt\n"), "2024-05-03T15:47:42+00:00");
  EXPECT_EQ(Utc("Fri, 3 May 2024 15:47:42"), "2024-05-03T08:47:42+00:00 assumed");
}

TEST(DatesTest, ReadsIso8601AndItsRelatives) {
  EXPECT_EQ(Utc("2024-05-03T15:47:42Z"), "2024-05-03T15:47:42+00:00");
  EXPECT_EQ(Utc("2024-05-03T15:47:42+09:00"), "2024-05-03T06:47:42+00:00");
  EXPECT_EQ(Utc("2024-05-03T15:47:42+0900"), "2024-05-03T06:47:42+00:00");
  EXPECT_EQ(Utc("2024-05-03T15:47:42-05"), "2024-05-03T20:47:42+00:00");
  EXPECT_EQ(Utc("2024-05-03T15:47+09:00"), "2024-05-03T06:47:00+00:00");
  EXPECT_EQ(Utc("2024-05-03 15:47:42.389000+00:00"), "2024-05-03T15:47:42.389+00:00");
  EXPECT_EQ(Utc("2024-05-03T15:47:42,5Z"), "2024-05-03T15:47:42.5+00:00");
  EXPECT_EQ(Utc("2024-05-03t15:47:42z"), "2024-05-03T15:47:42+00:00");
  EXPECT_EQ(Utc("2024-05-03 15:47:42 UTC"), "2024-05-03T15:47:42+00:00");
  EXPECT_EQ(Utc("2024-05-03 15:47:42 +0700"), "2024-05-03T08:47:42+00:00");
  EXPECT_EQ(Utc("2024-05-03T15:47:42"), "2024-05-03T08:47:42+00:00 assumed");
  EXPECT_EQ(Utc("2024-05-03T15:47:42.1234567"), "2024-05-03T08:47:42.1234567+00:00 assumed");
  EXPECT_EQ(Utc("20240503T154742Z"), "2024-05-03T15:47:42+00:00");
  EXPECT_EQ(Utc("2024/5/3 9:05"), "2024-05-03T02:05:00+00:00 assumed");
  EXPECT_EQ(Utc("2024-05-03T24:00:00Z"), "2024-05-04T00:00:00+00:00");
  EXPECT_EQ(Utc("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00+00:00");
  EXPECT_EQ(Utc("2024-05-03T15:47:42+09:00[Asia/Tokyo]"), "2024-05-03T06:47:42+00:00");
}

TEST(DatesTest, ReadsADateAloneAsMidnightInTheAssumedZone) {
  for (const char* text :
       {"2024-05-03", "2024/05/03", "20240503", "3 May 2024", "May 3, 2024", "Fri, 3 May 2024", "2024年5月3日"}) {
    EXPECT_EQ(Utc(text), "2024-05-02T17:00:00+00:00 assumed") << text;
  }
}

TEST(DatesTest, ReadsWhatPeopleWrite) {
  EXPECT_EQ(Utc("May 3, 2024 3:47 PM JST"), "2024-05-03T06:47:00+00:00");
  EXPECT_EQ(Utc("May 3rd, 2024 at 12:05 am EDT"), "2024-05-03T04:05:00+00:00");
  EXPECT_EQ(Utc("Fri May  3 15:47:42 2024"), "2024-05-03T08:47:42+00:00 assumed");
  EXPECT_EQ(Utc("Fri May 03 15:47:42 GMT 2024"), "2024-05-03T15:47:42+00:00");
  EXPECT_EQ(Utc("Jumat, 03 Mei 2024 15:47 WIB"), "2024-05-03T08:47:00+00:00");
  EXPECT_EQ(Utc("Senin, 5 Agustus 2024 | 15.47 WITA"), "2024-08-05T07:47:00+00:00");
  EXPECT_EQ(Utc("2024年5月3日 15時47分"), "2024-05-03T08:47:00+00:00 assumed");
  EXPECT_EQ(Utc("Fri, 3 May 2024 15:47:42 GMT+7"), "2024-05-03T08:47:42+00:00");
  EXPECT_EQ(Utc("Fri, 3 May 2024 15:47:42 XYZ"), "2024-05-03T08:47:42+00:00 assumed");
}

TEST(DatesTest, ReadsSecondsAndMillisecondsSince1970) {
  EXPECT_EQ(Utc("1714751262"), "2024-05-03T15:47:42+00:00");
  EXPECT_EQ(Utc("1714751262389"), "2024-05-03T15:47:42.389+00:00");
}

TEST(DatesTest, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           " ",
                           "yesterday",
                           "3/5/2024",
                           "2024",
                           "2024-05",
                           "2024-13-01",
                           "2024-02-30",
                           "31 Apr 2024",
                           "2024-05-03T25:00:00Z",
                           "2024-05-03T15:61:00Z",
                           "0001-01-01T00:00:00Z",
                           "9999-12-31",
                           "May",
                           "3 May",
                           "Fri, 3 May",
                           "2024-05-031",
                           "--",
                           "12345",
                           "99999999999999999999"}) {
    EXPECT_EQ(Utc(text), "none") << text;
  }
}

TEST(DatesTest, DoesNotReadOnForEver) { EXPECT_EQ(Utc(std::string(1'000'000, 'a') + "2024-05-03"), "none"); }

}  // namespace
}  // namespace kawat::parse
