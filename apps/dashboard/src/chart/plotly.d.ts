/**
 * The partial bundle has the same interface as the whole library, of which we only use the types.
 */
declare module "plotly.js-basic-dist-min" {
	import Plotly from "plotly.js";
	export default Plotly;
}
