#include "services/parse/grpc_convert.h"

#include "article/convert.h"

namespace kawat::parse {

void ToProto(const ParsedPage& page, std::size_t max_link_bytes, v1::ParsePageResponse& out) {
  out.set_outcome(static_cast<v1::OutcomeKind>(page.outcome));
  out.set_reason(static_cast<v1::Reason>(page.reason));
  out.set_detail(page.detail);
  if (page.article.has_value()) {
    article::ToProto(*page.article, *out.mutable_article());
  }
  std::size_t bytes = 0;
  for (const article::Link& link : page.links) {
    bytes += link.url.size() + link.title.size() + 32;
    if (bytes > max_link_bytes) {
      break;
    }
    article::ToProto(link, *out.add_links());
  }
  for (const extract::TraceStep& step : page.trace) {
    v1::TraceStep& to = *out.add_trace();
    to.set_field(step.field);
    to.set_rule(step.rule);
    to.set_value(step.value);
  }
}

}  // namespace kawat::parse
