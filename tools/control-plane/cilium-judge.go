// Asks Cilium's own code about policies.
// stdin: a JSON list of CiliumNetworkPolicy objects.
// stdout: a JSON list of what the agent says against each; "" where it has nothing to say.
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"log/slog"
	"os"
	"strings"

	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
)

func main() {
	var policies []json.RawMessage
	if err := json.NewDecoder(os.Stdin).Decode(&policies); err != nil {
		log.Fatal(err)
	}
	verdicts := make([]string, len(policies))
	for i, policy := range policies {
		verdicts[i] = judge(policy)
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		log.Fatal(err)
	}
}

// Its warnings count too: the agent warns where it changes what a policy says.
func judge(object []byte) string {
	var policy v2.CiliumNetworkPolicy
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&policy); err != nil {
		return err.Error()
	}
	var warnings strings.Builder
	if _, err := policy.Parse(slog.New(slog.NewTextHandler(&warnings, nil)), "default"); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(warnings.String())
}
