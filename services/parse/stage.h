// kawat.pages into kawat.parsed (articles, key: their id) and kawat.links (links, key: their host; outcomes, key: the
// page's host).
#pragma once

#include "pipeline/stage.h"

namespace kawat::parse {

// Stateless: Apply looks at nothing but the record, and may be called from several threads at once. A record that does
// not decode is an InvalidArgument. A body that does not decompress and a feed that cannot be read become dead letters,
// and the frontier is told; as it is of a page that crashed the stage or gave outputs too large. Only of a record that
// names no URL it hears nothing.
class ParseStage : public pipeline::Stage {
 public:
  absl::Status Apply(const bus::Record& in, state::Txn& state, pipeline::Outbox& out) override;
  void Refused(const bus::Record& in, article::Reason reason, pipeline::Outbox& out) override;
};

}  // namespace kawat::parse
