mod course;

mod closing;
mod datagrams;
mod order;
mod shapes;
mod timing;
