package cli

import "strings"

// leastSecret is how long a secret is to be looked for in any line. A shorter
// one would be found everywhere, so it is looked for only beside its key.
const leastSecret = 4

// maskLine returns a line without the secrets in it.
func maskLine(line string, secrets []string) string {
	beside := strings.Contains(line, "password") || strings.Contains(line, "api-key")
	for _, secret := range secrets {
		if beside || len(secret) >= leastSecret {
			line = strings.ReplaceAll(line, secret, "********")
		}
	}
	return line
}
