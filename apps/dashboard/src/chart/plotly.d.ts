/** The partial bundle has the interface of the whole library, of which we take types only. */
declare module "plotly.js-basic-dist-min" {
	import Plotly from "plotly.js";
	export default Plotly;
}
