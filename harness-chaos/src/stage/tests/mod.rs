mod course;

mod closing;
mod order;
mod shapes;
mod timing;
