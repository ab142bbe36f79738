declare module "plotly.js-gl2d-dist-min" {
  const library: unknown;
  export default library;
}
