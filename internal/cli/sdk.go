package cli

import (
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/sdk/python"
	"github.com/natesales/pathvector-plugin/sdk/sh"
)

func (a *app) sdk() *cli.Command {
	return &cli.Command{
		Name:      "sdk",
		Usage:     "print the SDK for plugins in Python or shell, one file",
		ArgsUsage: "python|sh",
		Description: "pathvector-plugin sdk python >" + python.FileName + "\n" +
			"pathvector-plugin sdk sh >" + sh.FileName + "\n" +
			"beside the plugin. The SDK for Go is the package\n" +
			"github.com/natesales/pathvector-plugin/sdk.",
		Action: a.runSDK,
	}
}

func (a *app) runSDK(c *cli.Context) error {
	args, err := arguments(c, 1, 1)
	if err != nil {
		return err
	}
	files := map[string]string{"python": python.File, "sh": sh.File}
	names := []string{"python", "sh"}
	if !slices.Contains(names, args[0]) {
		return &usageError{problem: "there is no SDK in one file for " + quote(args[0]), advice: suggestion(args[0], names, "languages")}
	}
	return a.print(files[args[0]])
}
