// The domain's structs to and from their protos, for the codec, gRPC handlers and clients. A field that a proto lacks
// is the struct's default; unknown values of enums are kept.
#pragma once

#include "absl/time/time.h"
#include "article/article.h"
#include "article/crawl.h"
#include "article/source.h"

namespace google::protobuf {
class Duration;
class Timestamp;
}  // namespace google::protobuf

namespace kawat::v1 {
class Article;
class Link;
class Membership;
class Page;
class PageOutcome;
class Source;
class TakeDown;
}  // namespace kawat::v1

namespace kawat::article {

void ToProto(absl::Time time, google::protobuf::Timestamp& out);
void ToProto(absl::Duration duration, google::protobuf::Duration& out);
void ToProto(const Source& source, v1::Source& out);
void ToProto(const Link& link, v1::Link& out);
void ToProto(const PageOutcome& outcome, v1::PageOutcome& out);
void ToProto(const Page& page, v1::Page& out);
void ToProto(const Article& article, v1::Article& out);
void ToProto(const Membership& membership, v1::Membership& out);
void ToProto(const TakeDown& take_down, v1::TakeDown& out);

absl::Time FromProto(const google::protobuf::Timestamp& in);
absl::Duration FromProto(const google::protobuf::Duration& in);
Source FromProto(const v1::Source& in);
Link FromProto(const v1::Link& in);
PageOutcome FromProto(const v1::PageOutcome& in);
Page FromProto(const v1::Page& in);
Article FromProto(const v1::Article& in);
Membership FromProto(const v1::Membership& in);
TakeDown FromProto(const v1::TakeDown& in);

}  // namespace kawat::article
