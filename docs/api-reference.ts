/** The API reference of the rooms, built by TypeDoc with the options of `typedoc.json`. */
import { Application, LogLevel, TSConfigReader, TypeDocReader } from "typedoc";

/** @throws Error when TypeDoc finds something wrong, after it has said what. */
export const buildReference = async (root: string, out: string): Promise<void> => {
  const app = await Application.bootstrapWithPlugins({ options: root, out, logLevel: LogLevel.Warn }, [
    new TypeDocReader(),
    new TSConfigReader(),
  ]);
  const project = await app.convert();
  if (project === undefined) throw new Error("the API reference could not be made");
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || (app.options.getValue("treatWarningsAsErrors") && app.logger.hasWarnings()))
    throw new Error("the API reference has faults");
};
