// Why a request, a page or a record ended as it did. The numbers are those of kawat.v1.Reason
// (proto/kawat/v1/common.proto), are stored, and never change.
#pragma once

#include <array>
#include <string_view>

namespace kawat::article {

enum class Reason : int {
  kNone = 0,
  // a page without an article
  kFeed = 1,
  kSitemap = 2,
  kIndexPage = 3,
  kAdvertisement = 4,  // no service states it yet
  kNoText = 5,
  kNotHtml = 6,
  // a failed request
  kDns = 20,
  kConnect = 21,
  kTls = 22,
  kTimeout = 23,
  kHttpClientError = 24,
  kNotFound = 25,
  kHttpServerError = 26,
  kTooLarge = 27,
  kTooManyRedirects = 28,
  kBlockedAddress = 29,
  kBadResponse = 30,
  kBadUrl = 31,
  // never asked
  kRobots = 40,
  // dead letters
  kMalformedRecord = 60,
  kBadEncoding = 61,
  kMalformedFeed = 62,
  kRecordTooLarge = 63,
  kCrashed = 64,
};

// Those that dead letters have.
inline constexpr std::array<Reason, 5> kDeadLetterReasons = {
    Reason::kMalformedRecord, Reason::kBadEncoding, Reason::kMalformedFeed, Reason::kRecordTooLarge, Reason::kCrashed};

// "not_found": as metrics, logs and the command line write it. "unknown" for a number that is no Reason.
std::string_view Name(Reason reason);

}  // namespace kawat::article
